using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>VMAs from text <c>/proc/[pid]/maps</c>, for kernels without PROCMAP_QUERY; gives the same records.</summary>
internal class MapsWalk : VmaWalk
{
    private byte[] _name = new byte[8192];
    private int _nameLength;

    /// <summary>Sets up a walk.</summary>
    internal MapsWalk()
        : base(addGate: false)
    {
    }

    /// <inheritdoc/>
    internal override string Source => "maps";

    /// <inheritdoc/>
    internal override bool TellsPageSizes => false;

    /// <summary>The lines of the file.</summary>
    protected LineReader Lines { get; } = new();

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> CurrentName => _name.AsSpan(0, _nameLength);

    /// <inheritdoc/>
    protected override void Restart() => Lines.Start(Fd);

    /// <inheritdoc/>
    protected override int Advance(ulong from)
    {
        while (true)
        {
            int read = Lines.Next(out ReadOnlySpan<byte> line);
            if (read <= 0)
            {
                return read;
            }

            if (!MapsParser.TryParse(line, out MapsParser parsed))
            {
                return -Errno.EPROTO;
            }

            Set(parsed);
            read = ReadDetails();
            if (read < 0 || parsed.End > from)
            {
                return Math.Min(read, 1);
            }
        }
    }

    /// <summary>Reads what follows the line of a VMA in other files of this form.</summary>
    /// <returns>1 or a negative errno.</returns>
    protected virtual int ReadDetails() => 1;

    /// <inheritdoc/>
    protected override void SetGate() => throw new InvalidOperationException("maps lists the gate itself");

    private void Set(in MapsParser parsed)
    {
        Current = new TaskDiagVma
        {
            Start = parsed.Start,
            End = parsed.End,
            Flags = (VmaFlags)parsed.Flags,
            Offset = parsed.Offset,
            Major = parsed.Major,
            Minor = parsed.Minor,
            Inode = parsed.Inode,
        };
        if (_name.Length < parsed.EscapedName.Length)
        {
            _name = new byte[parsed.EscapedName.Length];
        }

        _nameLength = MapsParser.Unescape(parsed.EscapedName, _name);
        if (_nameLength >= LongestName)
        {
            _nameLength = 0;
            LostName = true;
        }
    }
}
