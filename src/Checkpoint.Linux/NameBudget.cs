using System.Threading;

namespace Checkpoint.Linux;

/// <summary>
/// Bounds what the names of a capture take, whoever chooses them: an ordinary user's processes can map millions of files
/// with names of 4 KiB. The first half is for all; then only short names of files are kept. Used by all cores.
/// </summary>
/// <param name="most">Bytes.</param>
internal sealed class NameBudget(long most)
{
    /// <summary>What a name takes beside its text, or more.</summary>
    private const int Overhead = 64;

    private long _spent;

    /// <summary>What may be kept.</summary>
    internal enum Share
    {
        /// <summary>Nothing.</summary>
        Nothing,

        /// <summary>That there is a file, without its name.</summary>
        Nameless,

        /// <summary>All.</summary>
        Whole,
    }

    /// <summary>Asks for a name that is not kept yet.</summary>
    /// <param name="length">Its length.</param>
    /// <param name="ofFile">Whether it is a file's or folder's, not a special name's.</param>
    /// <returns>What may be kept of it. A whole name is spent at once; a nameless file is to be asked for as such.</returns>
    internal Share Ask(int length, bool ofFile)
    {
        long spent = Interlocked.Read(ref _spent);
        if (spent >= most)
        {
            return Share.Nothing;
        }

        int longest = spent < most / 2 ? int.MaxValue : !ofFile ? -1 : spent < most / 4 * 3 ? 256 : 64;
        bool whole = length <= longest;
        if (!whole && !ofFile)
        {
            return Share.Nothing;
        }

        if (!whole)
        {
            return Share.Nameless;
        }

        Interlocked.Add(ref _spent, Overhead + length);
        return Share.Whole;
    }
}
