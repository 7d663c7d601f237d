// Package discord is the adapter for Discord: it turns what people do there into events and shows what comes back. Start
// from [New] and its Run; [Check] and [Invite] are for those who set it up. The package renders any Button, Form and Page
// and knows no feature by name.
//
// # Why only the types of discordgo are used
//
// Of github.com/bwmarrin/discordgo v0.29.0 this package takes types, constants and nothing that talks. Its gateway loop
// was measured against a scripted server: a dead link is noticed after five heartbeats (206 s) and closed with 1000, which
// ends the session, so that what was said in between is gone; it resumes at the wrong address; op 7 as the first answer to
// a resume locks it for ever (op 9 does on its master); 450 bytes leak with each interaction, because its rate limiter
// keeps the callback's address as a key; it repeats a POST after a 502 and has no nonce, so that people read things
// twice; and it calls handlers with a nil Author. It also refuses a whole event for one component type it does not know,
// so what comes in is read by small structs of this package (wire.go). The loop is link.go, the requests rest.go.
//
// # Addresses
//
// A person is "discord:U1" and, as a place to send to, the direct messages with them. "discord:C2" is a channel,
// "discord:C2/T3" the thread under message 3 of channel 2: Discord gives a thread the id of the message that it starts
// from, so the address is known before the thread is there, and Send makes the thread when the first message goes into it.
// A message's reference is "discord:C2/M4"; of a text that took several messages it is the last, which has the buttons.
package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"signpost/bot/chat"
)

// A Config says which bot this is and what its guilds are. Token is the only thing needed.
type Config struct {
	Token string
	// API and Gateway are the addresses of a test server, such as "http://127.0.0.1:4700/api/v10" and
	// "ws://127.0.0.1:4700/gateway". Empty means Discord's own.
	API, Gateway string
	// Guilds says, by guild id, what each is. If there are any, the bot keeps quiet in all others.
	Guilds map[string]Guild
	// PublicKey, the application's own in hex, lets interactions come by HTTP. Listen is where Run then listens, such as
	// ":8081"; empty leaves it to the caller to mount Handler.
	PublicKey, Listen string
	// Shards is how many connections to take events by; 0 means one, which serves 2,500 guilds.
	Shards int
	// Command is the name of the slash command; empty means "signpost".
	Command string
	Menu    chat.Menu
	Log     *slog.Logger // gets errors, never what was typed; nil keeps none
	Now     func() time.Time
}

// A Guild is one Discord server as an operator describes it.
type Guild struct {
	Home     string   // the place it belongs to
	Channels []string // ids of the channels to answer in, their threads among them; none means all
	// Roles gives, by the id of a Discord role, what having it says about a person.
	Roles map[string]Role
}

// A Role is what a Discord role says about a person: either may be empty.
type Role struct {
	Home string
	Role string
}

// A Discord is the bot's connection. It is safe for concurrent use; only one Run may go on at a time.
type Discord struct {
	config Config
	log    *slog.Logger
	rest   *rest
	times  times
	self   atomic.Pointer[self]
	handle atomic.Pointer[chat.Handler]
	state  state
	lanes  *lanes
	starts *starts

	// What is remembered, all of it bounded and none of it needed: what is lost is asked for again, or said kindly.
	dms     *memory[string]    // a person's id -> the channel of their direct messages
	owners  *memory[string]    // the other way round
	rooms   *memory[room]      // a channel's id -> what it is
	threads *memory[string]    // a message's id -> the thread under it
	forms   *memory[*filling]  // a form's token -> what was filled in so far
	heard   *memory[heard]     // a message's id -> who said it where
	lively  *memory[lively]    // a channel's id -> how far it is known
	posted  *memory[[]string]  // a post's key -> the messages that it has become so far
	parts   *memory[[]string]  // the last message's id -> the earlier ones of the same post
	pending sync.WaitGroup     // goroutines beside the lanes
	work    context.Context    // of handlers and answers; outlives Run's ctx by times.drain
	stop    context.CancelFunc // ends work
}

// self is who the bot is.
type self struct{ application, user string }

var _ chat.Adapter = (*Discord)(nil)

// New checks the settings and makes a Discord; it touches no network yet.
func New(config Config) (*Discord, error) {
	config.Token = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(config.Token)+" ", "Bot "))
	if config.Token == "" {
		return nil, errors.New("discord: no token: set DISCORD_TOKEN to the bot's token")
	}
	config.API = strings.TrimRight(cmp.Or(config.API, "https://discord.com/api/v10"), "/")
	config.Command = cmp.Or(config.Command, "signpost")
	config.Shards = max(config.Shards, 1)
	config.Log = cmp.Or(config.Log, slog.New(slog.DiscardHandler))
	if config.Now == nil {
		config.Now = time.Now
	}
	if err := checkMenu(config.Command, config.Menu); err != nil {
		return nil, fmt.Errorf("discord: menu: %w", err)
	}
	if _, err := publicKey(config.PublicKey); err != nil {
		return nil, fmt.Errorf("discord: public key: %w", err)
	}
	d := &Discord{config: config, log: config.Log, times: usualTimes(), rest: newREST(config), starts: newStarts(config.Shards, config.Now)}
	d.work, d.stop = context.WithCancel(context.Background())
	d.lanes = newLanes(mostAtOnce, mostWaiting)
	d.dms, d.owners, d.rooms, d.threads = newMemory[string](10000), newMemory[string](10000), newMemory[room](10000), newMemory[string](10000)
	d.forms, d.heard = newMemory[*filling](2000), newMemory[heard](10000)
	d.lively = newMemory[lively](300)
	d.posted, d.parts = newMemory[[]string](5000), newMemory[[]string](5000)
	return d, nil
}

// Run takes events until ctx ends, which gives nil; what has been taken by then is still answered. It returns an error
// where trying again cannot help: a refused token, an intent that is not switched on, a wrong number of shards.
func (d *Discord) Run(ctx context.Context, handle chat.Handler) error {
	if d.work.Err() != nil {
		d.work, d.stop = context.WithCancel(context.Background())
	}
	d.handle.Store(&handle)
	defer d.finish()
	if err := d.introduce(ctx); err != nil || ctx.Err() != nil {
		return d.ended(ctx, err)
	}
	if err := d.register(ctx); err != nil {
		d.log.Error("discord: commands are as they were before", "error", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	for _, task := range d.tasks() {
		running.Go(func() {
			if err := task(ctx); err != nil {
				cancel(err)
			}
		})
	}
	running.Wait()
	return d.ended(ctx, context.Cause(ctx))
}

// tasks are what goes on side by side: a link for each shard, and the server for interactions.
func (d *Discord) tasks() []func(context.Context) error {
	var tasks []func(context.Context) error
	for i := range d.config.Shards {
		tasks = append(tasks, (&shard{d: d, id: i}).run)
	}
	if d.config.Listen != "" && d.config.PublicKey != "" {
		tasks = append(tasks, d.serve)
	}
	return tasks
}

// ended is what Run returns: nil where it was asked to end.
func (d *Discord) ended(ctx context.Context, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
		return nil
	}
	d.state.fail(err)
	d.log.Error("discord: stopped for good", "error", err)
	return err
}

// finish lets what was taken be answered, then ends every goroutine.
func (d *Discord) finish() {
	timer := time.AfterFunc(d.times.drain, d.stop)
	defer timer.Stop()
	d.lanes.wait()
	d.pending.Wait()
	d.stop()
	d.rest.client.CloseIdleConnections()
}

// introduce asks Discord who the bot is, until it says so or refuses the token.
func (d *Discord) introduce(ctx context.Context) error {
	for fails := 1; ; fails++ {
		who, err := d.rest.whoAmI(ctx)
		if err == nil {
			d.self.Store(who)
			return nil
		}
		if refusedToken(err) {
			return fmt.Errorf("discord: the token is refused; copy a new one from the developer portal: %w", err)
		}
		d.log.Warn("discord: not reached yet", "error", err)
		if err := sleep(ctx, d.times.backoff(fails)); err != nil {
			return err
		}
	}
}

// Healthy says what is wrong with the connection, or nil. A short break, as Discord asks for every few hours, is not wrong.
func (d *Discord) Healthy() error { return d.state.healthy(d.config.Now()) }

// Handler takes interactions by HTTP, each signed by Discord, once Run is under way. Without a PublicKey it refuses all.
func (d *Discord) Handler() http.Handler { return http.HandlerFunc(d.receive) }

func (r *rest) whoAmI(ctx context.Context) (*self, error) {
	var user, application struct {
		ID string `json:"id"`
	}
	if err := r.do(ctx, request{method: "GET", route: "/users/@me"}, &user); err != nil {
		return nil, fmt.Errorf("ask who the bot is: %w", err)
	}
	if err := r.do(ctx, request{method: "GET", route: "/applications/@me"}, &application); err != nil {
		return nil, fmt.Errorf("ask which application this is: %w", err)
	}
	if user.ID == "" || application.ID == "" {
		return nil, errors.New("discord: the server does not say who the bot is")
	}
	return &self{application: application.ID, user: user.ID}, nil
}
