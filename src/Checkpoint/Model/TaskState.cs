namespace Checkpoint.Model;

/// <summary>The state of a task; the numbers are the task_diag wire's own, which are also the image's.</summary>
public enum TaskState
{
    /// <summary><c>R</c>: running or runnable.</summary>
    Running = 0,

    /// <summary><c>S</c>: interruptible sleep.</summary>
    Sleeping = 1,

    /// <summary><c>D</c>: uninterruptible sleep (also a v1-frozen task).</summary>
    DiskSleep = 2,

    /// <summary><c>T</c>: stopped by a job-control signal.</summary>
    Stopped = 3,

    /// <summary><c>t</c>: stopped by its tracer.</summary>
    TracingStop = 4,

    /// <summary><c>X</c>: dead, about to vanish.</summary>
    Dead = 5,

    /// <summary><c>Z</c>: exited, not yet reaped.</summary>
    Zombie = 6,

    /// <summary><c>P</c>: parked kernel thread.</summary>
    Parked = 7,

    /// <summary><c>I</c>: idle kernel thread.</summary>
    Idle = 8,
}
