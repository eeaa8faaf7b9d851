package locale

var messagesIndonesian = map[string]string{}
