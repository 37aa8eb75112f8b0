using System;
using System.Collections.Generic;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Commands;

/// <summary>Names that an answer told once, for the VMA records that refer to them by number.</summary>
internal sealed class TasksFiles
{
    /// <summary>Bytes of names that are kept: more than any machine maps, less than a recording may claim.</summary>
    internal const int MaxBytes = 64 << 20;

    /// <summary>What is shown for a name beyond that.</summary>
    private static readonly byte[] NotKept = [.. "[too many names]"u8];

    // What one entry takes beside its text.
    private const int Overhead = 96;

    private readonly Dictionary<uint, byte[]> _names = [];
    private int _bytes;

    /// <summary>Takes an attribute in.</summary>
    /// <param name="payload">EXT_FILES.</param>
    /// <exception cref="WireFormatException">It is not valid, or too much.</exception>
    internal void Take(ReadOnlySpan<byte> payload)
    {
        for (int size; !payload.IsEmpty; payload = payload[size..])
        {
            TaskDiagExtFile file = TaskDiagExtFile.Read(payload, out size);
            if (_names.TryGetValue(file.Number, out byte[]? known) && file.Name.SequenceEqual(known))
            {
                continue;
            }

            // One process may map 65,000 files with names of 4 KiB: that must not end a list of all tasks.
            bool fits = _bytes + file.Name.Length + Overhead <= MaxBytes;
            _bytes += (fits ? file.Name.Length : 0) + Overhead;
            if (_bytes > 4 * MaxBytes)
            {
                throw new WireFormatException(0, $"more than {4 * MaxBytes / Overhead} names of files");
            }

            _names[file.Number] = fits ? file.Name.ToArray() : NotKept;
        }
    }

    /// <summary>The name of what a VMA maps.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="name">The name in its record.</param>
    /// <exception cref="WireFormatException">It refers to a file that was not told.</exception>
    internal ReadOnlySpan<byte> NameOf(in TaskDiagVma vma, ReadOnlySpan<byte> name) =>
        !name.IsEmpty || vma.Generation == 0 || _names.Count == 0 ? name
        : _names.TryGetValue(vma.Generation, out byte[]? told) ? told
        : throw new WireFormatException(TaskDiagVma.LengthsOffset - sizeof(uint), $"a VMA of file {vma.Generation}, which was not told");
}
