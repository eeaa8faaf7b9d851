package picture

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"image"
	"io"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

//go:embed libwebp/webp.wasm.gz
var packedLibwebp []byte

// libwebp is the encoder, compiled for this machine: 0.3 s and 10 MB, once, when the first picture is encoded. It is a
// constant that takes time to compute; nothing in it changes after. Each call of the encoder gets an instance of its own,
// with its own memory.
var libwebp = sync.OnceValues(func() (*encoder, error) { return newEncoder(wazero.NewRuntimeConfig()) })

type encoder struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
}

// newEncoder compiles libwebp. The module imports nothing, so that it can reach nothing: its memory is all it has.
func newEncoder(config wazero.RuntimeConfig) (*encoder, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(packedLibwebp))
	if err != nil {
		return nil, fmt.Errorf("libwebp: %w", err)
	}
	code, err := io.ReadAll(unpacked)
	if err != nil {
		return nil, fmt.Errorf("libwebp: %w", err)
	}
	const memory = 2 << 30 / (64 << 10) // 2 GB in pages: for the largest picture, turned, five copies of its pixels
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, config.WithMemoryLimitPages(memory))
	module, err := runtime.CompileModule(ctx, code)
	if err != nil {
		return nil, fmt.Errorf("libwebp: %w", err)
	}
	return &encoder{runtime, module}, nil
}

type options struct {
	quality  int // 0 to 100; of lossless compression: how hard it tries
	lossless bool
}

// encodeWebP compresses pixels. It fails where memory does.
func encodeWebP(m *image.NRGBA, o options) ([]byte, error) {
	e, err := libwebp()
	if err != nil {
		return nil, err
	}
	return e.encode(m, o)
}

func (e *encoder) encode(m *image.NRGBA, o options) ([]byte, error) {
	ctx := context.Background()
	instance, err := e.runtime.InstantiateModule(ctx, e.module, wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize"))
	if err != nil {
		return nil, fmt.Errorf("libwebp: %w", err)
	}
	// Closing gives back all the memory, so nothing in it needs to be freed.
	defer instance.Close(ctx)

	call := func(name string, args ...uint64) (uint32, error) {
		result, err := instance.ExportedFunction(name).Call(ctx, args...)
		if err != nil {
			return 0, fmt.Errorf("libwebp: %s: %w", name, err)
		}
		if api.DecodeU32(result[0]) == 0 {
			return 0, fmt.Errorf("libwebp: %s: no memory", name)
		}
		return api.DecodeU32(result[0]), nil
	}
	input, err := call("malloc", uint64(len(m.Pix)))
	if err != nil {
		return nil, err
	}
	length, err := call("malloc", 8)
	if err != nil {
		return nil, err
	}
	if !instance.Memory().Write(input, m.Pix) {
		return nil, errors.New("libwebp: outside of memory")
	}
	const rgba, method, exact = 0, 4, 0 // method 0 to 6: how long it may take; exact: whether invisible colours matter
	lossless := uint64(0)
	if o.lossless {
		lossless = 1
	}
	output, err := call("encode", uint64(input), uint64(m.Rect.Dx()), uint64(m.Rect.Dy()), uint64(length), rgba, uint64(o.quality), method, lossless, exact)
	if err != nil {
		return nil, err
	}
	size, ok := instance.Memory().ReadUint32Le(length)
	file, ok2 := instance.Memory().Read(output, size)
	if !ok || !ok2 {
		return nil, errors.New("libwebp: outside of memory")
	}
	return bytes.Clone(file), nil
}
