namespace Checkpoint.TaskDiag;

/// <summary>Sets of show flags.</summary>
public static class TaskDiagShows
{
    /// <summary>All attributes of task_diag itself.</summary>
    public const TaskDiagShow Standard =
        TaskDiagShow.Base | TaskDiagShow.Cred | TaskDiagShow.Vma | TaskDiagShow.VmaStat | TaskDiagShow.Stat | TaskDiagShow.Statm
        | TaskDiagShow.Cmdline;

    /// <summary>Checkpoint's extensions: attributes 32 to 62, and the flag <see cref="TaskDiagShow.Hidden"/>.</summary>
    public const TaskDiagShow Extensions = (TaskDiagShow)0xffff_ffff_0000_0000;
}
