using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Diff;

/// <summary>Shared libraries to load.</summary>
internal static class Library
{
    /// <summary>Finds one that our own process's C library lies next to.</summary>
    /// <param name="name">Its file name.</param>
    /// <returns>The path as the kernel will name it.</returns>
    internal static string Find(string name)
    {
        string libc = File.ReadLines("/proc/self/maps").Select(line => line.Split(' ')[^1]).First(path => path.EndsWith("/libc.so.6", StringComparison.Ordinal));
        return Path.Combine(Path.GetDirectoryName(libc)!, name);
    }

    /// <summary>Compiles a library.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="version">What its only function returns.</param>
    /// <returns>Its build ID, as readelf tells it.</returns>
    internal static string Build(string path, int version)
    {
        string source = path + ".c";
        File.WriteAllText(source, string.Create(CultureInfo.InvariantCulture, $"int version(void) {{ return {version}; }}\nint data = {version};\n"));
        Tool.Run(["gcc", "-shared", "-fPIC", "-Wl,--build-id", "-o", path, source]).Expect(0);
        Match id = Regex.Match(Tool.Output("readelf", "-n", path), "Build ID: ([0-9a-f]+)");
        Assert.True(id.Success);
        return id.Groups[1].Value;
    }
}
