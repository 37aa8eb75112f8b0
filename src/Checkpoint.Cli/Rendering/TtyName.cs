using System.Globalization;

namespace Checkpoint.Cli.Rendering;

/// <summary>The device name behind <c>tty_nr</c>, without <c>/dev/</c>, from the fixed numbers of <c>admin-guide/devices.txt</c>.</summary>
internal static class TtyName
{
    /// <summary>Names a terminal.</summary>
    /// <param name="number">The kernel's <c>new_encode_dev</c> number, 0 = none.</param>
    /// <returns>Such as pts/3; null for none; "major:minor" for an unknown driver.</returns>
    internal static string? Of(int number)
    {
        if (number == 0)
        {
            return null;
        }

        uint device = (uint)number;
        uint major = device >> 8 & 0xfff;
        uint minor = (device & 0xff) | (device >> 12 & 0xfff00);
        string text = (major, minor) switch
        {
            (4, < 64) => $"tty{minor}",
            (4, _) => $"ttyS{minor - 64}",
            (5, 0) => "tty",
            (5, 1) => "console",
            ( >= 136 and <= 143, _) => $"pts/{((major - 136) << 8) + minor}",
            (166, _) => $"ttyACM{minor}",
            (188, _) => $"ttyUSB{minor}",
            (204, >= 64 and < 80) => $"ttyAMA{minor - 64}",
            (229, _) => $"hvc{minor}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{major}:{minor}"),
        };
        return text;
    }
}
