using System.Runtime.CompilerServices;

// Lane structs are kilobytes of locals; clearing them on every call costs more than some of the work on them.
[module: SkipLocalsInit]
