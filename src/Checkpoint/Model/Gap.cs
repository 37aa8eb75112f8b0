namespace Checkpoint.Model;

/// <summary>A part of a task that should be in the image and is not, with the reason.</summary>
/// <param name="Tgid">The process.</param>
/// <param name="Tid">The thread, or the tgid for what the process shares.</param>
/// <param name="Part">What is missing.</param>
/// <param name="Errno">The kernel's answer, such as 13 (EACCES) or 3 (ESRCH).</param>
public readonly record struct Gap(int Tgid, int Tid, CapturePart Part, int Errno)
{
    /// <summary>ESRCH: no such process.</summary>
    public const int NoSuchProcess = 3;

    /// <summary>Whether the task simply exited meanwhile, which is normal, rather than being hidden.</summary>
    public bool IsExit => Errno == NoSuchProcess;
}
