package adaptertest

import (
	"context"
	"testing"

	"signpost/bot/chat"
)

// BenchmarkEvents is what the network itself costs: an event said, taken, answered and acknowledged.
func BenchmarkEvents(b *testing.B) {
	for _, dialled := range []bool{false, true} {
		name := "in memory"
		if dialled {
			name = "dialled"
		}
		b.Run(name, func(b *testing.B) {
			n := NewNetwork("test", 1, Weather{Connections: 16})
			ctx, cancel := context.WithCancel(b.Context())
			var adapter chat.Adapter = n
			if dialled {
				remote := served(b, ctx, n)
				remote.Connections = 16
				adapter = remote
			}
			for range b.N {
				n.Person("sam").Ask("how do I begin?")
			}
			reply := said("like this")
			ended := make(chan error, 1)
			go func() {
				ended <- adapter.Run(ctx, func(context.Context, chat.Event) (chat.Turn, error) { return chat.Turn{Reply: &reply}, nil })
			}()
			if err := n.Acknowledged(ctx, ""); err != nil {
				b.Error(err)
			}
			cancel()
			<-ended
		})
	}
}
