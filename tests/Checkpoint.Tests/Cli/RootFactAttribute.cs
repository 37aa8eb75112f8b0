using System;
using Xunit;

namespace Checkpoint.Tests.Cli;

/// <summary>A fact that mounts a file system, for which it needs root on Linux; skipped with the reason elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            Skip = "needs root on Linux to mount a small tmpfs";
        }
        else if (!TinyDisk.CanMount())
        {
            Skip = "mounting a tmpfs is not permitted here";
        }
    }
}
