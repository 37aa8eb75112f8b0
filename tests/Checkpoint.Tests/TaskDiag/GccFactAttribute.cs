using System.IO;
using System.Linq;
using Xunit;

namespace Checkpoint.Tests.TaskDiag;

/// <summary>A fact that compiles C. Skipped where there is no gcc.</summary>
public sealed class GccFactAttribute : FactAttribute
{
    public GccFactAttribute()
    {
        string[] folders = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "gcc"))))
        {
            Skip = "needs gcc";
        }
    }
}
