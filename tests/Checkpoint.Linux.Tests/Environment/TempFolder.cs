using System;
using System.IO;
using System.Linq;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>A folder of its own for a test, removed at its end with all that is in it, whatever the names.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Creates it, readable by everyone.</summary>
    /// <param name="writableByAll">Whether other users may write to it.</param>
    public TempFolder(bool writableByAll = false)
    {
        FullName = Directory.CreateTempSubdirectory("ckpt-test-").FullName;
        UnixFileMode open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(FullName, writableByAll ? open | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite : open);
    }

    /// <summary>Its absolute path.</summary>
    public string FullName { get; }

    /// <summary>The names of what is in it.</summary>
    public string[] Names => Directory.EnumerateFileSystemEntries(FullName).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).ToArray();

    /// <summary>The path of something in it.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The absolute path.</returns>
    public string this[string name] => Path.Combine(FullName, name);

    /// <inheritdoc/>
    public void Dispose() => Tool.Run(["rm", "-rf", "--", FullName]);
}
