using System;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>A text of some length that comes in parts.</summary>
/// <param name="most">Bytes that are kept.</param>
internal sealed class TextDraft(int most)
{
    private byte[] _bytes = [];
    private int _length;

    /// <summary>Whether more came than is kept.</summary>
    internal bool IsCut { get; private set; }

    /// <summary>What was kept.</summary>
    internal ByteString Value => new(_bytes.AsSpan(0, _length));

    /// <summary>Takes the next part in.</summary>
    internal void Append(ReadOnlySpan<byte> part)
    {
        int kept = Math.Min(part.Length, most - _length);
        IsCut |= kept < part.Length;
        if (_length + kept > _bytes.Length)
        {
            Array.Resize(ref _bytes, _length == 0 ? kept : Math.Max(_bytes.Length * 2, _length + kept));
        }

        part[..kept].CopyTo(_bytes.AsSpan(_length));
        _length += kept;
    }
}
