using System;

namespace Checkpoint.Linux.Interop;

/// <summary>The kernel refused something without which a whole request cannot be served.</summary>
public sealed class KernelException : Exception
{
    /// <summary>Describes the refusal in one line.</summary>
    /// <param name="operation">What was tried, such as "open".</param>
    /// <param name="path">On what.</param>
    /// <param name="errno">The kernel's answer.</param>
    /// <param name="remedy">What to do about it, where that is clear.</param>
    public KernelException(string operation, string path, int errno, string? remedy = null)
        : base($"cannot {operation} {path}: {Interop.Errno.Text(errno)} (errno {errno})" + (remedy is null ? "" : "; " + remedy))
    {
        Operation = operation;
        Path = path;
        Errno = errno;
    }

    /// <summary>What was tried.</summary>
    public string Operation { get; }

    /// <summary>On what.</summary>
    public string Path { get; }

    /// <summary>The kernel's answer.</summary>
    public int Errno { get; }
}
