using System;
using System.IO;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>Where the sources are that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The repository's root: the nearest folder above the test's program that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Checkpoint.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no Checkpoint.sln above {AppContext.BaseDirectory}");
    }
}
