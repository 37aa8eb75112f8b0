using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Checkpoint.Linux.Tests.Procfs;

public class UserNamesTests
{
    [Theory]
    [InlineData("a:x:1000:1000::/:/bin/sh\n", "a")]
    [InlineData("a:x:1000:1000::/:/bin/sh\nb:x:1000:1::/:/bin/sh\n", "a")]
    [InlineData("a:x:1000abc:1000::/:/bin/sh\nb:x:1000:1::/:/bin/sh\n", "b")]
    [InlineData("a:x:1000abc:1000::/:/bin/sh\n", null)]
    [InlineData("a:x: 1000:1000::/:/bin/sh\n", null)]
    [InlineData("a:x:+1000:1000::/:/bin/sh\n", null)]
    [InlineData("a:x:4294968296:1000::/:/bin/sh\n", null)]
    [InlineData("a:x:1000\n", null)]
    public void A_name_is_that_of_the_first_line_with_just_this_number(string passwd, string? name) =>
        Assert.Equal(name, UserNames.Of(new HashSet<uint> { 1000 }, System.Text.Encoding.UTF8.GetBytes(passwd)).SingleOrDefault().Name.ToString() is { Length: > 0 } found ? found : null);
}
