package knowledge

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
)

// The garbage collector lets garbage grow to as much as is alive before it collects. That is right for small programs; a
// large base would take twice its size, for weeks, though answering leaves 50 kB of garbage a question. Most of a base is
// plain bytes, so a collection takes milliseconds: it may come more often. Who sets GOGC decides instead.
const (
	garbage      = 12 << 20 // what may gather beside a base at rest, in bytes, but for
	leastGarbage = 6        // this share of it, in percent
	mostGarbage  = 100
	whileReading = 15 // percent, while a base is read
)

func garbagePercent(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// settle gives back the memory that reading a base took and says how much garbage may gather beside it.
func settle() {
	debug.FreeOSMemory()
	alive := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(alive)
	garbagePercent(int(min(mostGarbage, max(leastGarbage, 100*garbage/max(1, alive[0].Value.Uint64())))))
}
