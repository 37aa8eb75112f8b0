using System;
using System.IO;
using Checkpoint.Cli.Commands;
using Checkpoint.Diffing;
using Checkpoint.Imaging;
using Checkpoint.Linux;
using Checkpoint.Linux.Interop;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli;

/// <summary>The entry point, and the only place where exceptions become messages and exit codes.</summary>
internal static class Program
{
    /// <summary>Runs the program on given streams.</summary>
    /// <param name="args">Arguments.</param>
    /// <param name="context">What commands run on.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    internal static int Run(string[] args, CommandContext context)
    {
        try
        {
            return CommandRoot.Run(args, context);
        }
        catch (CommandFailure e)
        {
            return Fail(context, e.ExitCode, e.Message, e.Hint);
        }
        catch (KernelException e) when (e.Errno == Errno.ESRCH)
        {
            return Fail(context, ExitCode.TargetGone, e.Message, hint: null);
        }
        catch (KernelException e)
        {
            return Fail(context, ExitCode.Refused, e.Message, e.Errno is Errno.EPERM or Errno.EACCES ? "try as root" : null);
        }
        catch (OutputException e) when (e.IsBrokenPipe)
        {
            // Whoever read it has enough; that an image did not arrive still shows in the exit code, and 0 would say that nothing differs.
            return args is ["dump" or "diff", ..] ? ExitCode.Output : ExitCode.Success;
        }
        catch (OutputException e)
        {
            return Fail(context, ExitCode.Output, e.Message, e.AlreadyExists ? "replace it with --force" : null);
        }
        catch (ImageTooLargeException e)
        {
            return Fail(context, ExitCode.Output, $"too much for one image: {e.Message}", "capture a smaller tree, or without --env");
        }
        catch (DiffTooLargeException e)
        {
            return Fail(context, ExitCode.Input, $"cannot compare: {e.Message}", "ckpt validate says whether the images make sense");
        }
        catch (WireFormatException e)
        {
            return Fail(context, ExitCode.Input, $"the kernel's answer is not valid: {e.Message}", hint: null);
        }
        catch (IOException e)
        {
            return Fail(context, ExitCode.Output, e.Message, hint: null);
        }
        catch (OperationCanceledException)
        {
            return Fail(context, ExitCode.Interrupted, "interrupted", hint: null);
        }
        catch (Exception e) when (string.IsNullOrEmpty(context.Variable("CKPT_DEBUG")))
        {
            return Fail(
                context, ExitCode.Internal, $"internal error: {e.GetType().Name}: {e.Message}",
                "set CKPT_DEBUG=1 for the stack trace");
        }
        catch (Exception e)
        {
            context.Error.WriteLine($"ckpt: internal error: {e}");
            return ExitCode.Internal;
        }
    }

    private static int Main(string[] args) => Run(args, CommandContext.ForProgram());

    private static int Fail(CommandContext context, int code, string message, string? hint)
    {
        // Messages name paths, and a path may hold newlines and escape sequences.
        context.Error.WriteLine("ckpt: " + Messages.Escape(hint is null ? message : $"{message}; {hint}"));
        return code;
    }
}
