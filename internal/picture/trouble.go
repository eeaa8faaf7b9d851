package picture

import (
	"errors"
	"image/jpeg"
	"image/png"
	"io"

	"pendapa/internal/diag"
)

// Trouble is what is wrong with a picture's file.
type Trouble struct{ Message, Hint diag.Text }

func empty() *Trouble {
	return &Trouble{diag.Textf("the picture's file is empty"), diag.Textf("export it again, or copy it again from where it came")}
}

func misnamed(ending, kind string) *Trouble {
	return &Trouble{diag.Textf("the file is not what its name says: it ends with %s, and holds %s", ending, kind), diag.Textf("export it again, or correct its name")}
}

func cutOff() *Trouble {
	return &Trouble{diag.Textf("the picture is cut off: the end of its file is missing"), diag.Textf("export it again, or copy it again from where it came")}
}

// damaged takes what is wrong inside in the words of the format's standard, for whoever looks into the file.
func damaged(what string) *Trouble {
	return &Trouble{diag.Textf("the picture is damaged (%s)", what), diag.Textf("open it in a picture program, and export it again")}
}

func unusual(what string) *Trouble {
	return &Trouble{diag.Textf("the picture is of a kind that not every browser shows (%s)", what), diag.Textf("export it as an ordinary JPEG or PNG picture")}
}

func tooLarge(width, height int) *Trouble {
	return &Trouble{diag.Textf("the picture is too large: %d × %d pixels", width, height),
		diag.Textf("make it smaller: at most %d pixels a side, and %d million pixels in all", MaxSide, MaxPixels/1_000_000)}
}

// unclean is of a picture that cannot be freed from what its file says about it.
func unclean(what string) *Trouble {
	return &Trouble{diag.Textf("the picture may tell where and by whom it was taken (%s), and that cannot be removed from a picture of this kind", what),
		diag.Textf("export it without metadata, or as a JPEG, PNG or WebP picture")}
}

// undecoded is what a decoder's error means.
func undecoded(err error) *Trouble {
	var unsupportedJPEG jpeg.UnsupportedError
	var unsupportedPNG png.UnsupportedError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return cutOff()
	case errors.As(err, &unsupportedJPEG), errors.As(err, &unsupportedPNG):
		return unusual(err.Error())
	}
	return damaged(err.Error())
}

// failed is of the encoder, which has no reason to fail but a lack of memory.
func failed(err error) *Trouble {
	return &Trouble{diag.Textf("a smaller version of the picture could not be made: %s", err.Error()), diag.Textf("make the picture smaller, or close other programs to have more memory")}
}
