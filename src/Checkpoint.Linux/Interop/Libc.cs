using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

// Without this the program's own folder would be searched first, where anybody who may write there could put a library.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Checkpoint.Linux.Interop;

/// <summary>The C library's calls, in one file per topic; errno by <see cref="Marshal.GetLastPInvokeError"/>.</summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc.so.6"; // the full name: "libc" alone has the runtime try many others first
}
