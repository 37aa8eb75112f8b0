using System;
using System.IO;
using Checkpoint.Imaging;
using Checkpoint.Linux;
using Checkpoint.Model;

namespace Checkpoint.Cli.Commands;

/// <summary>Reads the image that a command names.</summary>
internal static class ImageFile
{
    /// <summary>What messages call standard input.</summary>
    private const string StandardInput = "standard input";

    /// <summary>Reads an image.</summary>
    /// <param name="context">For standard input.</param>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <returns>The tree.</returns>
    /// <exception cref="CommandFailure">It is missing, unreadable, or not an image.</exception>
    internal static ProcessTree Read(CommandContext context, string path)
    {
        try
        {
            return Use(context, path, "an image", ImageReader.Read);
        }
        catch (ImageFormatException e)
        {
            throw new CommandFailure(ExitCode.Input, $"{DisplayName(path)} is not a valid image: {e.Message}");
        }
    }

    /// <summary>Opens an input and reads it.</summary>
    /// <param name="context">For standard input.</param>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <param name="what">What it should be, for the message.</param>
    /// <param name="read">Reads it.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="CommandFailure">It is missing or unreadable.</exception>
    internal static T Use<T>(CommandContext context, string path, string what, Func<Stream, T> read)
    {
        string name = DisplayName(path);
        if (path == "-" && context.InputIsTerminal())
        {
            throw new CommandFailure(ExitCode.Usage, "standard input is a terminal", $"give a file, or pipe {what} in");
        }

        try
        {
            using Stream input = path == "-" ? context.OpenInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return read(input);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailure(ExitCode.Input, $"cannot read {name}: no such file");
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Input, $"cannot read {name}: {(Directory.Exists(path) ? "is a directory" : "permission denied")}");
        }
        catch (IOException e) when (e is not OutputException)
        {
            throw new CommandFailure(ExitCode.Input, $"cannot read {name}: {e.Message}");
        }
    }

    /// <summary>What messages call an input; not escaped.</summary>
    internal static string DisplayName(string path) => path == "-" ? StandardInput : path;
}
