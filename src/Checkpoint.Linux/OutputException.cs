using System.IO;

namespace Checkpoint.Linux;

/// <summary>An output could not be written; nothing of it was left behind.</summary>
public sealed class OutputException : IOException
{
    /// <summary>Describes the failure in one line.</summary>
    /// <param name="operation">What was tried, such as "write".</param>
    /// <param name="path">The output as the caller named it.</param>
    /// <param name="errno">The kernel's answer.</param>
    public OutputException(string operation, string path, int errno)
        : base($"cannot {operation} {path}: {Interop.Errno.Text(errno)} (errno {errno})")
    {
        Operation = operation;
        Path = path;
        Errno = errno;
    }

    /// <summary>What was tried.</summary>
    public string Operation { get; }

    /// <summary>The output as the caller named it.</summary>
    public string Path { get; }

    /// <summary>The kernel's answer.</summary>
    public int Errno { get; }

    /// <summary>Whether the output exists already and may not be replaced.</summary>
    public bool AlreadyExists => Errno == Interop.Errno.EEXIST;

    /// <summary>Whether the reader of a pipe went away.</summary>
    public bool IsBrokenPipe => Errno == Interop.Errno.EPIPE;
}
