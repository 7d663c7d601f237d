package bot

// For the tests alone.
var (
	Commands        = commands
	WithoutBrackets = withoutBrackets
)
