using Checkpoint.Linux;
using Checkpoint.Model;

namespace Checkpoint.Cli;

/// <summary>Text from outside within lines for people.</summary>
internal static class Messages
{
    /// <summary>A path, an argument or a text of an image may hold anything, so it is escaped as kernel bytes are.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>One printable line.</returns>
    internal static string Escape(string text) => ByteEscape.Printable(FileName.Bytes(text));
}
