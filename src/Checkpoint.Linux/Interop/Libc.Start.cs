using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <content>What the program sets for itself: descriptors, limits, signals.</content>
internal static unsafe partial class Libc
{
    internal const int F_GETFD = 1;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int FD_CLOEXEC = 1;
    internal const int RLIMIT_NOFILE = 7;
    internal const int PR_SET_DUMPABLE = 4;
    internal const int SIGHUP = 1;
    internal const int SIGINT = 2;
    internal const int SIGTERM = 15;
    internal const int SIGXFSZ = 25;
    internal const int SIG_BLOCK = 0;
    internal const short POLLOUT = 4;
    internal const nuint TIOCGWINSZ = 0x5413;

    /// <summary>The two dispositions that are no function.</summary>
    internal const nint SIG_DFL = 0;

    /// <summary>The other one.</summary>
    internal const nint SIG_IGN = 1;

    /// <summary>fcntl(2) with a number.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fcntl(int fd, int command, nint argument);

    /// <summary>getrlimit(2): soft limit, then hard limit.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int getrlimit(int resource, nuint* limits);

    /// <summary>setrlimit(2).</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setrlimit(int resource, nuint* limits);

    /// <summary>prctl(2) with one number.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int prctl(int option, nint argument);

    /// <summary>signal(2): gives the disposition before.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint signal(int number, nint disposition);

    /// <summary>sigaction(2); the disposition is the first word of the answer, which takes 152 bytes.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int sigaction(int number, void* action, nint* before);

    /// <summary>pthread_sigmask(3); a set takes 128 bytes, the signal n is bit n - 1.</summary>
    [LibraryImport(Library)]
    internal static partial int pthread_sigmask(int how, ulong* set, ulong* before);

    /// <summary>poll(2) for one descriptor: its number, then the events in the lower half of the second word.</summary>
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int poll(int* descriptor, nuint count, int milliseconds);

    /// <summary>_exit(2): ends all threads, whatever they wait for.</summary>
    [LibraryImport(Library)]
    internal static partial void _exit(int code);
}
