package bot

// For the tests alone.
var (
	Commands         = commands
	ChampionCommands = championCommands
	WithoutBrackets  = withoutBrackets
	ReadWeek         = readWeek
	WriteWeek        = writeWeek
	ReadLeave        = readLeave
	WriteLeave       = writeLeave
)
