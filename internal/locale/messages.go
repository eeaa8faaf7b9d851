package locale

// Messages is the catalogue of what Pendapa says about mistakes, by its English format (see package diag); nil for
// English itself.
func (l Lang) Messages() map[string]string {
	if l == Indonesian {
		return messagesIndonesian
	}
	return nil
}

// Message is the format of a message in the language; the English one where the catalogue does not have it.
func (l Lang) Message(format string) string {
	if translation, ok := l.Messages()[format]; ok {
		return translation
	}
	return format
}
