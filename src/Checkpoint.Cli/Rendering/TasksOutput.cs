using System;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Rendering;

/// <summary>Shows the tasks of an answer while it is read.</summary>
internal abstract class TasksOutput : IDisposable
{
    /// <summary>Called before the first task.</summary>
    /// <param name="shown">Which attributes are shown.</param>
    internal abstract void Begin(TaskDiagShow shown);

    /// <summary>
    /// Called once before a task's first VMA, or at its end; again at its end if anything was told after the VMAs.
    /// </summary>
    /// <param name="task">All that is known now.</param>
    /// <param name="fresh">What of it was not yet there at the last call.</param>
    internal abstract void Values(TasksRecord task, TaskDiagShow fresh);

    /// <summary>Called for each VMA.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="name">Its name, empty for none.</param>
    /// <param name="stat">What of it is in memory, if that is shown.</param>
    internal abstract void Mapping(in TaskDiagVma vma, ReadOnlySpan<byte> name, TaskDiagVmaStat? stat);

    /// <summary>Called at the end of each task, after its values.</summary>
    /// <param name="task">All that was told.</param>
    internal abstract void End(TasksRecord task);

    /// <summary>Called at the end of the answer, when it is whole.</summary>
    internal abstract void Complete();

    /// <summary>Hands what is buffered to whoever reads it.</summary>
    internal abstract void Flush();

    /// <summary>Writes what is buffered.</summary>
    public abstract void Dispose();
}
