package discord

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	dg "github.com/bwmarrin/discordgo"
)

// publicKey reads the application's key; none is no key, and no error.
func publicKey(text string) (ed25519.PublicKey, error) {
	if text == "" {
		return nil, nil
	}
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("it must be the 64 hexadecimal digits from the developer portal")
	}
	return key, nil
}

// receive takes an interaction by HTTP. It answers 202 at once and everything else goes by the callback, as with the
// gateway (receiving-and-responding: interaction callback), so that there is one way to answer.
func (d *Discord) receive(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil {
		http.Error(w, "cannot read it", http.StatusBadRequest)
		return
	}
	if !d.signed(r.Header, body) {
		http.Error(w, "invalid request signature", http.StatusUnauthorized)
		return
	}
	var in struct {
		Type dg.InteractionType `json:"type"`
	}
	switch err := json.Unmarshal(body, &in); {
	case err != nil:
		http.Error(w, "cannot read it", http.StatusBadRequest)
	case in.Type == dg.InteractionPing:
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"type":%d}`, dg.InteractionResponsePong)
	case d.handle.Load() == nil || d.work.Err() != nil:
		http.Error(w, "not running", http.StatusServiceUnavailable)
	default:
		d.takeInteraction(body)
		w.WriteHeader(http.StatusAccepted)
	}
}

// oldestSignature is how long ago a request may have been signed; a replay within that time has the same key as the first.
const oldestSignature = 5 * time.Minute

// signed checks Discord's signature over the time and the body.
func (d *Discord) signed(h http.Header, body []byte) bool {
	key, err := publicKey(d.config.PublicKey)
	if key == nil || err != nil {
		return false
	}
	signature, err := hex.DecodeString(h.Get("X-Signature-Ed25519"))
	at := h.Get("X-Signature-Timestamp")
	if err != nil || len(signature) != ed25519.SignatureSize || !d.recent(at) {
		return false
	}
	return ed25519.Verify(key, bytes.Join([][]byte{[]byte(at), body}, nil), signature)
}

func (d *Discord) recent(at string) bool {
	var unix int64
	if n, err := fmt.Sscanf(at, "%d", &unix); n != 1 || err != nil {
		return false
	}
	age := d.config.Now().Sub(time.Unix(unix, 0))
	return age < oldestSignature && age > -oldestSignature
}

// serve listens for interactions until ctx ends.
func (d *Discord) serve(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", d.config.Listen)
	if err != nil {
		return fmt.Errorf("discord: listen for interactions: %w", err)
	}
	server := &http.Server{Handler: d.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	defer context.AfterFunc(ctx, func() { _ = server.Shutdown(context.WithoutCancel(ctx)) })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("discord: listen for interactions: %w", err)
	}
	return nil
}
