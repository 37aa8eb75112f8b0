using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Checkpoint.Cli.Rendering;
using Checkpoint.Tests.Imaging;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class ErrnoNamesTests
{
    [RequiresFact("python3-msgpack")]
    public void Every_number_has_one_of_the_names_that_Python_knows_for_it()
    {
        const string Script = "import errno\nfor name in dir(errno):\n  if name[0] == 'E': print(getattr(errno, name), name)";
        ILookup<int, string> names = Encoding.ASCII.GetString(Tool.Run([], RequiresFactAttribute.Python, "-c", Script))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .ToLookup(pair => int.Parse(pair[0], CultureInfo.InvariantCulture), pair => pair[1]);
        for (int errno = -1; errno < 4096; errno++)
        {
            Assert.Contains(ErrnoNames.Name(errno), names.Contains(errno) ? names[errno] : [$"errno {errno}"]);
        }
    }
}
