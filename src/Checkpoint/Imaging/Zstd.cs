using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

// Without this the program's own folder would be searched first, where anybody who may write there could put a library.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Checkpoint.Imaging;

/// <summary>The functions of libzstd that images need: its stable streaming API, present since zstd 1.4.0.</summary>
internal static partial class Zstd
{
    /// <summary>First four bytes of a frame of data, little-endian.</summary>
    public const uint FrameMagic = 0xFD2FB528;

    /// <summary>First four bytes of a skippable frame, little-endian; the low four bits are the application's.</summary>
    public const uint SkippableMagic = 0x184D2A50;

    /// <summary>Longest header of a frame of data, magic included.</summary>
    public const int LongestFrameHeader = 18;

    /// <summary><c>ZSTD_CONTENTSIZE_ERROR</c>, and above it <c>ZSTD_CONTENTSIZE_UNKNOWN</c>.</summary>
    public const ulong ContentSizeError = ulong.MaxValue - 1;

    private const string Library = "zstd";

    private static readonly string[] FileNames = ["libzstd.so.1", "libzstd.1.dylib", "libzstd.dylib", "libzstd.dll", "libzstd"];

    static Zstd() => NativeLibrary.SetDllImportResolver(
        typeof(Zstd).Assembly, (name, assembly, _) => name == Library ? Load(assembly, FileNames) : 0);

    /// <summary>Compression parameters (<c>ZSTD_cParameter</c>).</summary>
    internal enum CompressionParameter
    {
        /// <summary><c>ZSTD_c_compressionLevel</c>.</summary>
        Level = 100,

        /// <summary><c>ZSTD_c_contentSizeFlag</c>: the uncompressed length stands in the frame header.</summary>
        ContentSizeFlag = 200,

        /// <summary><c>ZSTD_c_checksumFlag</c>: a checksum of the content follows it.</summary>
        ChecksumFlag = 201,
    }

    /// <summary>Decompression parameters (<c>ZSTD_dParameter</c>).</summary>
    internal enum DecompressionParameter
    {
        /// <summary><c>ZSTD_d_windowLogMax</c>: larger windows are refused.</summary>
        WindowLogMax = 100,
    }

    /// <summary>Opens the first of some libraries that there is.</summary>
    /// <param name="assembly">On whose behalf.</param>
    /// <param name="fileNames">What to try, in this order.</param>
    /// <returns>Its handle.</returns>
    /// <exception cref="DllNotFoundException">There is none; the message names the package to install.</exception>
    internal static nint Load(System.Reflection.Assembly assembly, string[] fileNames)
    {
        foreach (string fileName in fileNames)
        {
            if (NativeLibrary.TryLoad(fileName, assembly, DllImportSearchPath.SafeDirectories, out nint handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException(
            $"the zstd library is missing (tried {string.Join(", ", fileNames)}): install package libzstd1 (Debian, Ubuntu), libzstd (Fedora, Arch) or zstd-libs (Alpine)");
    }

    /// <summary>The error in a result.</summary>
    /// <param name="result">What a function returned.</param>
    /// <returns>Its text, or null when it is no error.</returns>
    internal static string? Error(nuint result) =>
        IsError(result) == 0 ? null : Marshal.PtrToStringUTF8(GetErrorName(result)) ?? "unknown error";

    /// <summary><c>ZSTD_isError</c>: whether a result is an error.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint result);

    /// <summary><c>ZSTD_getErrorName</c>: text of an error, static.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint GetErrorName(nuint result);

    /// <summary><c>ZSTD_compressBound</c>: most bytes that compressing so many can give.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_compressBound")]
    internal static partial nuint CompressBound(nuint length);

    /// <summary><c>ZSTD_getFrameContentSize</c>: content size in a frame header, or one of the two special values.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_getFrameContentSize")]
    internal static partial ulong GetFrameContentSize(ReadOnlySpan<byte> source, nuint length);

    /// <summary><c>ZSTD_createCCtx</c>: makes a compression context; invalid without memory.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_createCCtx")]
    internal static partial Compressor CreateCompressor();

    /// <summary><c>ZSTD_freeCCtx</c>: frees one.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    private static partial nuint FreeCompressor(nint context);

    /// <summary><c>ZSTD_CCtx_setParameter</c>: sets a parameter for all frames to come.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    internal static partial nuint SetParameter(Compressor context, CompressionParameter parameter, int value);

    /// <summary><c>ZSTD_compress2</c>: compresses one whole frame; gives its length or an error.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_compress2")]
    internal static partial nuint Compress(Compressor context, Span<byte> target, nuint capacity, ReadOnlySpan<byte> source, nuint length);

    /// <summary><c>ZSTD_createDCtx</c>: makes a decompression context; invalid without memory.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_createDCtx")]
    internal static partial Decompressor CreateDecompressor();

    /// <summary><c>ZSTD_freeDCtx</c>: frees one.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_freeDCtx")]
    private static partial nuint FreeDecompressor(nint context);

    /// <summary><c>ZSTD_DCtx_setParameter</c>: sets a parameter for all frames to come.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_DCtx_setParameter")]
    internal static partial nuint SetParameter(Decompressor context, DecompressionParameter parameter, int value);

    /// <summary><c>ZSTD_decompressStream</c>: decompresses what fits; gives 0 at the end of a frame, else a hint or an error.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    internal static partial nuint Decompress(Decompressor context, ref Buffer output, ref Buffer input);

    /// <summary><c>ZSTD_decompressDCtx</c>: decompresses one whole frame; gives its content's length or an error.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_decompressDCtx")]
    internal static partial nuint DecompressWhole(Decompressor context, Span<byte> target, nuint capacity, ReadOnlySpan<byte> source, nuint length);

    /// <summary><c>ZSTD_findFrameCompressedSize</c>: length of the frame that the bytes begin with, or an error.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_findFrameCompressedSize")]
    internal static partial nuint FindFrameLength(ReadOnlySpan<byte> source, nuint length);

    /// <summary><c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c>, which look the same: pinned memory and how far it was used.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Buffer
    {
        /// <summary>Address of the first byte.</summary>
        public nint Address;

        /// <summary>Length in bytes.</summary>
        public nuint Length;

        /// <summary>Bytes that were consumed or produced.</summary>
        public nuint Position;
    }

    /// <summary>A compression context (<c>ZSTD_CCtx</c>).</summary>
    internal sealed class Compressor() : SafeHandle(0, true)
    {
        /// <inheritdoc/>
        public override bool IsInvalid => handle == 0;

        /// <inheritdoc/>
        protected override bool ReleaseHandle() => IsError(FreeCompressor(handle)) == 0;
    }

    /// <summary>A decompression context (<c>ZSTD_DCtx</c>).</summary>
    internal sealed class Decompressor() : SafeHandle(0, true)
    {
        /// <inheritdoc/>
        public override bool IsInvalid => handle == 0;

        /// <inheritdoc/>
        protected override bool ReleaseHandle() => IsError(FreeDecompressor(handle)) == 0;
    }
}
