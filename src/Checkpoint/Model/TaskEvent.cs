namespace Checkpoint.Model;

/// <summary>Something that happened to the tree while it was captured.</summary>
/// <param name="Pass">In which pass it was noticed; the first pass is 1.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Tgid">The process, 0 when it vanished before it could be told.</param>
/// <param name="Tid">The thread; equal to the tgid when it concerns the whole process.</param>
/// <param name="StartTimeTicks">Start time of the task, clock ticks since boot; 0 when it vanished before it could be read.</param>
public readonly record struct TaskEvent(int Pass, TaskEventKind Kind, int Tgid, int Tid, ulong StartTimeTicks);
