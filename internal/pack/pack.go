// Package pack writes Go values as bytes and reads them back, for what a program keeps for itself between two runs.
//
// The form knows no names and no versions: who reads must be the program that wrote, or one whose types are the same.
// Structs are their fields in order, all of them exported; slices, strings and maps start with their lengths; a pointer
// starts with whether it leads anywhere. Numbers are varints (encoding/binary), floats their bits. Empty slices and maps
// come back nil.
package pack

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Codec packs values of one type. It may be used from several goroutines.
type Codec[T any] struct {
	form     *form
	location *time.Location
}

// New prepares a codec. Moments come back in the location. It panics for a type with channels, functions, interfaces or
// unexported fields, which have no form.
func New[T any](location *time.Location) *Codec[T] {
	forms := make(map[reflect.Type]*form)
	return &Codec[T]{formOf(reflect.TypeFor[T](), forms), location}
}

// Append appends the packed value to data.
func (c *Codec[T]) Append(data []byte, v *T) []byte {
	return c.form.write(data, reflect.ValueOf(v).Elem())
}

// ErrDamaged says that bytes are not those of a packed value.
var ErrDamaged = errors.New("pack: the bytes are not those of a value")

// Read reads the value that data starts with and returns what follows it. Strings share the memory of data. The error is
// [ErrDamaged].
func (c *Codec[T]) Read(data string, v *T) (rest string, err error) {
	r := reader{data: data, location: c.location}
	c.form.read(&r, reflect.ValueOf(v).Elem())
	if r.damaged {
		return "", ErrDamaged
	}
	return r.data, nil
}

// form is how values of a type are written and read.
type form struct {
	write func(data []byte, v reflect.Value) []byte
	read  func(r *reader, v reflect.Value)
}

// reader is what has not been read yet. After damage it reads zeros.
type reader struct {
	data     string
	location *time.Location
	damaged  bool
}

func (r *reader) uint() uint64 {
	var v uint64
	for shift := 0; shift < 64 && len(r.data) > 0; shift += 7 {
		b := r.data[0]
		r.data = r.data[1:]
		if v |= uint64(b&0x7f) << shift; b < 0x80 {
			return v
		}
	}
	r.fail()
	return 0
}

func (r *reader) int() int64 {
	v := r.uint()
	return int64(v>>1) ^ -int64(v&1)
}

// length reads how many things follow, each of at least one byte.
func (r *reader) length() int {
	n := r.uint()
	if n > uint64(len(r.data)) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reader) take(n int) string {
	if n > len(r.data) {
		r.fail()
		return ""
	}
	s := r.data[:n]
	r.data = r.data[n:]
	return s
}

func (r *reader) fail() { r.data, r.damaged = "", true }

var moment = reflect.TypeFor[time.Time]()

func formOf(t reflect.Type, forms map[reflect.Type]*form) *form {
	if f := forms[t]; f != nil {
		return f
	}
	f := &form{}
	forms[t] = f // before its parts: a type may hold itself
	switch {
	case t == moment:
		f.write, f.read = writeTime, readTime
	default:
		compose(f, t, forms)
	}
	return f
}

func compose(f *form, t reflect.Type, forms map[reflect.Type]*form) {
	switch t.Kind() {
	case reflect.Bool:
		f.write = func(data []byte, v reflect.Value) []byte { return append(data, truth(v.Bool())) }
		f.read = func(r *reader, v reflect.Value) { v.SetBool(r.take(1) == "\x01") }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		f.write = func(data []byte, v reflect.Value) []byte { return binary.AppendVarint(data, v.Int()) }
		f.read = func(r *reader, v reflect.Value) { v.SetInt(r.int()) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		f.write = func(data []byte, v reflect.Value) []byte { return binary.AppendUvarint(data, v.Uint()) }
		f.read = func(r *reader, v reflect.Value) { v.SetUint(r.uint()) }
	case reflect.Float32, reflect.Float64:
		f.write = func(data []byte, v reflect.Value) []byte {
			return binary.LittleEndian.AppendUint64(data, math.Float64bits(v.Float()))
		}
		f.read = func(r *reader, v reflect.Value) {
			if s := r.take(8); s != "" {
				v.SetFloat(math.Float64frombits(binary.LittleEndian.Uint64([]byte(s))))
			}
		}
	case reflect.String:
		f.write = func(data []byte, v reflect.Value) []byte {
			return append(binary.AppendUvarint(data, uint64(v.Len())), v.String()...)
		}
		f.read = func(r *reader, v reflect.Value) { v.SetString(r.take(r.length())) }
	case reflect.Array:
		array(f, t, formOf(t.Elem(), forms))
	case reflect.Slice:
		slice(f, t, formOf(t.Elem(), forms))
	case reflect.Map:
		mapping(f, t, formOf(t.Key(), forms), formOf(t.Elem(), forms))
	case reflect.Pointer:
		pointer(f, t, formOf(t.Elem(), forms))
	case reflect.Struct:
		structure(f, t, forms)
	default:
		panic("pack: " + t.String() + " has no form")
	}
}

func truth(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func array(f *form, t reflect.Type, elem *form) {
	if t.Elem().Kind() == reflect.Uint8 { // digests
		f.write = func(data []byte, v reflect.Value) []byte {
			at := len(data)
			data = slices.Grow(data, t.Len())[:at+t.Len()]
			reflect.Copy(reflect.ValueOf(data[at:]), v)
			return data
		}
		f.read = func(r *reader, v reflect.Value) { reflect.Copy(v, reflect.ValueOf([]byte(r.take(t.Len())))) }
		return
	}
	f.write = func(data []byte, v reflect.Value) []byte {
		for i := range t.Len() {
			data = elem.write(data, v.Index(i))
		}
		return data
	}
	f.read = func(r *reader, v reflect.Value) {
		for i := range t.Len() {
			elem.read(r, v.Index(i))
		}
	}
}

func slice(f *form, t reflect.Type, elem *form) {
	if t.Elem().Kind() == reflect.Uint8 {
		f.write = func(data []byte, v reflect.Value) []byte {
			return append(binary.AppendUvarint(data, uint64(v.Len())), v.Bytes()...)
		}
		f.read = func(r *reader, v reflect.Value) {
			if s := r.take(r.length()); s != "" {
				v.SetBytes([]byte(s))
			}
		}
		return
	}
	f.write = func(data []byte, v reflect.Value) []byte {
		data = binary.AppendUvarint(data, uint64(v.Len()))
		for i := range v.Len() {
			data = elem.write(data, v.Index(i))
		}
		return data
	}
	f.read = func(r *reader, v reflect.Value) {
		n := r.length()
		if n == 0 {
			return
		}
		// A damaged length asks for no more memory than a few times the bytes that there are.
		v.Set(reflect.MakeSlice(t, 0, min(n, 64)))
		for i := 0; i < n && !r.damaged; i++ {
			if i == v.Cap() {
				v.Grow(min(n-i, i))
			}
			v.SetLen(i + 1)
			elem.read(r, v.Index(i))
		}
	}
}

func mapping(f *form, t reflect.Type, key, elem *form) {
	if t.Key().Kind() != reflect.String {
		panic("pack: the keys of " + t.String() + " are not strings")
	}
	f.write = func(data []byte, v reflect.Value) []byte {
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		data = binary.AppendUvarint(data, uint64(len(keys)))
		for _, k := range keys {
			data = elem.write(key.write(data, k), v.MapIndex(k))
		}
		return data
	}
	f.read = func(r *reader, v reflect.Value) {
		n := r.length()
		if n == 0 {
			return
		}
		v.Set(reflect.MakeMap(t))
		for i := 0; i < n && !r.damaged; i++ {
			k, e := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
			key.read(r, k)
			elem.read(r, e)
			v.SetMapIndex(k, e)
		}
	}
}

func pointer(f *form, t reflect.Type, elem *form) {
	f.write = func(data []byte, v reflect.Value) []byte {
		if v.IsNil() {
			return append(data, 0)
		}
		return elem.write(append(data, 1), v.Elem())
	}
	f.read = func(r *reader, v reflect.Value) {
		if r.take(1) != "\x01" {
			return
		}
		to := reflect.New(t.Elem())
		elem.read(r, to.Elem())
		v.Set(to)
	}
}

func structure(f *form, t reflect.Type, forms map[reflect.Type]*form) {
	fields := make([]*form, t.NumField())
	for i := range fields {
		if field := t.Field(i); !field.IsExported() {
			panic(fmt.Sprintf("pack: the field %s of %s is not exported", field.Name, t))
		}
		fields[i] = formOf(t.Field(i).Type, forms)
	}
	f.write = func(data []byte, v reflect.Value) []byte {
		for i, field := range fields {
			data = field.write(data, v.Field(i))
		}
		return data
	}
	f.read = func(r *reader, v reflect.Value) {
		for i, field := range fields {
			field.read(r, v.Field(i))
		}
	}
}

// A moment is its seconds and nanoseconds since 1970, behind a 1; none is a 0.
func writeTime(data []byte, v reflect.Value) []byte {
	t := v.Interface().(time.Time)
	if t.IsZero() {
		return append(data, 0)
	}
	return binary.AppendUvarint(binary.AppendVarint(append(data, 1), t.Unix()), uint64(t.Nanosecond()))
}

func readTime(r *reader, v reflect.Value) {
	if r.take(1) == "\x01" {
		v.Set(reflect.ValueOf(time.Unix(r.int(), int64(r.uint())).In(r.location)))
	}
}
