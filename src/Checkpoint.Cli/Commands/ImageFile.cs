using System;
using System.IO;
using Checkpoint.Imaging;
using Checkpoint.Linux;
using Checkpoint.Linux.Interop;
using Checkpoint.Model;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Cli.Commands;

/// <summary>Reads the image that a command names.</summary>
internal static class ImageFile
{
    /// <summary>What messages call standard input.</summary>
    private const string StandardInput = "standard input";

    /// <summary>Reads the tree of an image.</summary>
    /// <param name="context">For standard input.</param>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <returns>The tree.</returns>
    /// <exception cref="CommandFailure">It is missing, unreadable, or not an image.</exception>
    internal static ProcessTree Read(CommandContext context, string path) => Read(context, path, ImageParts.All).Tree;

    /// <summary>Reads what is asked for of an image.</summary>
    /// <param name="context">For standard input.</param>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <param name="parts">What is asked for.</param>
    /// <param name="partial">Whether what is whole of a truncated or damaged file is enough, and all of that is read.</param>
    /// <returns>The image.</returns>
    /// <exception cref="CommandFailure">It is missing, unreadable, or not an image.</exception>
    internal static Image Read(CommandContext context, string path, ImageParts parts, bool partial = false)
    {
        try
        {
            return Use(context, path, "an image", input => partial ? ImageReader.ReadPartial(input) : ImageReader.Read(input, parts));
        }
        catch (ImageFormatException e)
        {
            throw new CommandFailure(
                ExitCode.Input, $"{DisplayName(path)} is not a valid image: {e.Message}",
                e.IsTruncation ? "'ckpt inspect --partial' shows what is whole" : null);
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

        if (path.Length == 0)
        {
            throw new CommandFailure(ExitCode.Usage, "a file's name must not be empty");
        }

        context.KeepSecrets();
        try
        {
            using Stream input = path == "-" ? context.OpenInput() : OperatingSystem.IsLinux() ? Open(path) : File.OpenRead(path);
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

    /// <summary>Opens a file whose name may be any bytes.</summary>
    private static FileStream Open(string path)
    {
        SafeFileHandle? file = FileName.OpenToRead(path, out int errno);
        return file is not null ? new FileStream(file, FileAccess.Read) : throw errno switch
        {
            Errno.ENOENT or Errno.ENOTDIR => new FileNotFoundException(),
            Errno.EMFILE or Errno.ENFILE => new KernelException("open", path, errno),
            Errno.EISDIR => new IOException("is a directory"),
            Errno.EACCES or Errno.EPERM => new IOException("permission denied"),
            _ => new IOException(Errno.Text(errno)),
        };
    }

    /// <summary>As <see cref="Use"/>, for commands that go on with the next input.</summary>
    /// <param name="context">For standard input.</param>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <param name="what">What it should be, for the message.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="result">What was read.</param>
    /// <returns>Why it could not be read; null when it could.</returns>
    internal static CommandFailure? TryUse<T>(CommandContext context, string path, string what, Func<Stream, T> read, out T? result)
    {
        try
        {
            result = Use(context, path, what, read);
            return null;
        }
        catch (CommandFailure e) when (e.ExitCode == ExitCode.Input)
        {
            result = default;
            return e;
        }
    }

    /// <summary>What messages call an input; not escaped.</summary>
    internal static string DisplayName(string path) => path == "-" ? StandardInput : path;
}
