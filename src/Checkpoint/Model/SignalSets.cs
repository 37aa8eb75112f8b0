namespace Checkpoint.Model;

/// <summary>Signal masks of a thread from <c>/proc/[pid]/status</c>; bit n-1 = signal n.</summary>
/// <param name="Pending">Pending for this thread (SigPnd).</param>
/// <param name="SharedPending">Pending for the whole process (ShdPnd).</param>
/// <param name="Blocked">Blocked (SigBlk).</param>
/// <param name="Ignored">Ignored (SigIgn).</param>
/// <param name="Caught">With a handler (SigCgt).</param>
public readonly record struct SignalSets(ulong Pending, ulong SharedPending, ulong Blocked, ulong Ignored, ulong Caught);
