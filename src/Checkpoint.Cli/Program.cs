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
        catch (Exception e)
        {
            return Tell(context, Unwrap(e));
        }
    }

    private static int Main(string[] args)
    {
        if (OperatingSystem.IsLinux())
        {
            ProcessSetup.Prepare();
        }

        return Run(FileName.Restore(args), CommandContext.ForProgram());
    }

    /// <summary>What failed, whichever thread or type initializer it happened in.</summary>
    private static Exception Unwrap(Exception e) => e is AggregateException or TypeInitializationException && e.InnerException is { } inner ? Unwrap(inner) : e;

    private static int Tell(CommandContext context, Exception failure) => failure switch
    {
        CommandFailure e => Fail(context, e.ExitCode, e.Message, e.Hint),
        KernelException { Errno: Errno.ESRCH } e => Fail(context, ExitCode.TargetGone, e.Message, hint: null),
        KernelException e => Fail(context, ExitCode.Refused, e.Message, Remedy.For(context, e.Errno)),

        // Whoever read it has enough. That does not turn a negative answer into a positive one, nor an image that did not arrive.
        OutputException { IsBrokenPipe: true } => context.Answer ?? ExitCode.Output,
        OutputException { Errno: Errno.EMFILE or Errno.ENFILE } e => Fail(context, ExitCode.Refused, e.Message, Remedy.For(context, e.Errno)),
        OutputException e => Fail(context, ExitCode.Output, e.Message, e.AlreadyExists ? "replace it with --force" : null),
        ImageTooLargeException e => Fail(context, ExitCode.Output, $"too much for one image: {e.Message}", "capture a smaller tree, or without --env"),
        DiffTooLargeException e => Fail(context, ExitCode.Input, $"cannot compare: {e.Message}", "ckpt validate says whether the images make sense"),
        WireFormatException e => Fail(context, ExitCode.Input, $"the kernel's answer is not valid: {e.Message}", hint: null),

        // A part of the program itself: nothing else that is missing comes this far.
        FileNotFoundException or FileLoadException => Fail(context, ExitCode.Refused, failure.Message, Remedy.For(context, Errno.EMFILE)),
        DllNotFoundException e => Fail(context, ExitCode.Refused, e.Message, hint: null),
        IOException { HResult: Errno.EMFILE or Errno.ENFILE } e => Fail(context, ExitCode.Refused, e.Message, Remedy.For(context, e.HResult)),
        IOException e => Fail(context, ExitCode.Output, e.Message, hint: null),
        OperationCanceledException => Fail(context, ExitCode.Interrupted, "interrupted", hint: null),
        Exception e when string.IsNullOrEmpty(context.Variable("CKPT_DEBUG")) => Fail(
            context, ExitCode.Internal, $"internal error: {e.GetType().Name}: {e.Message}", "set CKPT_DEBUG=1 for the stack trace"),
        Exception e => Fail(context, ExitCode.Internal, $"internal error: {e}"),
    };

    /// <summary>Tells a bug with its stack trace.</summary>
    private static int Fail(CommandContext context, int code, string trace)
    {
        context.Error.WriteLine("ckpt: " + trace);
        return code;
    }

    private static int Fail(CommandContext context, int code, string message, string? hint)
    {
        // Messages name paths, and a path may hold newlines and escape sequences.
        context.Error.WriteLine("ckpt: " + Messages.Escape(hint is null ? message : $"{message}; {hint}"));
        return code;
    }
}
