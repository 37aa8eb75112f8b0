namespace Checkpoint.Model;

/// <summary>A part of a task that is captured as one; the names are those of the files of <c>/proc/[pid]</c>. Numbers are the image's.</summary>
public enum CapturePart
{
    /// <summary>The whole task.</summary>
    Task = 0,

    /// <summary><c>stat</c>.</summary>
    Stat = 1,

    /// <summary><c>status</c>: credentials, memory sizes, signals.</summary>
    Status = 2,

    /// <summary><c>cmdline</c>.</summary>
    Cmdline = 3,

    /// <summary><c>environ</c>.</summary>
    Environ = 4,

    /// <summary><c>exe</c>.</summary>
    Exe = 5,

    /// <summary><c>cwd</c>.</summary>
    Cwd = 6,

    /// <summary><c>root</c>.</summary>
    Root = 7,

    /// <summary><c>ns/*</c>.</summary>
    Namespaces = 8,

    /// <summary><c>attr/current</c>.</summary>
    Label = 9,

    /// <summary><c>maps</c>: the VMA list.</summary>
    Maps = 10,

    /// <summary><c>task/</c>: the list of threads.</summary>
    Threads = 11,

    /// <summary><c>task/[tid]/children</c>.</summary>
    Children = 12,
}
