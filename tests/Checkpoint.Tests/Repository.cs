using System;
using System.IO;

namespace Checkpoint.Tests;

/// <summary>Where the sources are that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The path of a file of the repository: below the nearest folder above the test's program that holds the solution.</summary>
    /// <param name="path">Relative to the repository's root.</param>
    /// <returns>The full path.</returns>
    public static string PathOf(string path)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Checkpoint.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? throw new DirectoryNotFoundException($"no Checkpoint.sln above {AppContext.BaseDirectory}"), path);
    }
}
