package escalation

// What tests of the package see beside its API.
var HolidaysOf = holidaysOf
