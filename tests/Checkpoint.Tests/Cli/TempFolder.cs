using System;
using System.IO;

namespace Checkpoint.Tests.Cli;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TempFolder : IDisposable
{
    internal TempFolder() => Root = Directory.CreateTempSubdirectory("ckpt-test-").FullName;

    internal string Root { get; }

    internal string[] Entries => Directory.GetFileSystemEntries(Root);

    internal string this[string name] => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
