using System;

namespace Checkpoint.Linux.Procfs;

/// <summary>Reads a text file of procfs line by line through one reused buffer.</summary>
internal sealed class LineReader
{
    private byte[] _text = new byte[64 * 1024];
    private int _fd = -1;
    private int _from;
    private int _to;
    private bool _ended;

    /// <summary>Starts at the beginning of a file.</summary>
    /// <param name="fd">An open file; stays the caller's.</param>
    internal void Start(int fd)
    {
        _fd = fd;
        _from = _to = 0;
        _ended = false;
    }

    /// <summary>Reads the next line; a last line without a newline is none.</summary>
    /// <param name="line">Without its newline; valid until the next call.</param>
    /// <returns>1 when there is one, 0 at the end, or a negative errno.</returns>
    internal int Next(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            int end = _text.AsSpan(_from, _to - _from).IndexOf((byte)'\n');
            if (end >= 0)
            {
                line = _text.AsSpan(_from, end);
                _from += end + 1;
                return 1;
            }

            line = default;
            int got = Fill();
            if (got <= 0)
            {
                return got;
            }
        }
    }

    /// <summary>Makes the line read last the next one again.</summary>
    /// <param name="length">Its length.</param>
    internal void Unread(int length) => _from -= length + 1;

    private int Fill()
    {
        _text.AsSpan(_from, _to - _from).CopyTo(_text);
        _to -= _from;
        _from = 0;
        if (_to == _text.Length)
        {
            Array.Resize(ref _text, _text.Length * 2);
        }

        // The end is asked for once, though the reader of smaps looks one line ahead.
        int got = _ended ? 0 : ProcFile.Read(_fd, _text.AsSpan(_to));
        _ended = got == 0;
        _to += Math.Max(got, 0);
        return got;
    }
}
