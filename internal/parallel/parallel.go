// Package parallel spreads work over goroutines.
package parallel

import (
	"context"
	"sync"
	"sync/atomic"
)

// Do runs work(0) to work(n-1), in about this order, in a number of goroutines. It stops at the first error and when the
// context ends, and returns that error once all goroutines have ended.
func Do(ctx context.Context, jobs, n int, work func(i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(jobs, n) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := work(i); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}
