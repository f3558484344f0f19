using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Core.Specs;

namespace Slipway.Tests.Core.Specs;

public sealed class CollectionTests
{
    public sealed record Collections(
        ImmutableArray<int?> Array,
        IReadOnlyList<RetrySpec>? List = null,
        IReadOnlyDictionary<string, ImmutableArray<string>>? Map = null,
        OrderedDictionary<string, double>? Ordered = null,
        ImmutableDictionary<string, bool>? Immutable = null,
        ImmutableArray<KeyValuePair<string, string?>> Pairs = default,
        JsonObject? Free = null,
        ImmutableArray<Collections>? Children = null);

    [Fact]
    public void Lists_and_maps_of_every_form_read_in_the_order_of_the_file()
    {
        var read = Sample.Read<Collections>("""
            array: [3, null, 1]
            list:
            - attempts: 2
            - {}
            map: { z: [a], a: [] }
            ordered: { z: 1, a: 2.5, m: 3 }
            immutable: { x: true }
            pairs: { z: 1, a: ~, "": '' }
            free: { b: [1, { c: ~ }], a: 1.5 }
            children: [{ array: [7] }]
            """).Value;

        Assert.Equal([3, null, 1], read.Array);
        Assert.Equal([new RetrySpec(2), new RetrySpec()], read.List);
        Assert.Equal(["z", "a"], read.Map!.Keys);
        Assert.Equal(["a"], read.Map["z"]);
        Assert.Equal(["z", "a", "m"], read.Ordered!.Keys);
        Assert.True(read.Immutable!["x"]);
        Assert.Equal([KeyValuePair.Create("z", (string?)"1"), KeyValuePair.Create("a", (string?)null), KeyValuePair.Create("", (string?)"")], read.Pairs);
        Assert.Equal("""{"b":[1,{"c":null}],"a":1.5}""", read.Free!.ToJsonString());
        Assert.Equal([7], read.Children!.Value[0].Array);
        Assert.Null(read.Children.Value[0].Children);
    }

    [Theory]
    [InlineData("{}", "1:1: array: missing; expected a list")]
    [InlineData("array: [1, x]", "1:12: array[1]: expected a whole number, found text 'x'")]
    [InlineData("array: []\nlist: [null]", "2:8: list[0]: is empty; expected a mapping")]
    [InlineData("array: []\nlist: { attempts: 1 }", "2:1: list: expected a list, found a mapping")]
    [InlineData("array: []\nmap: { a: b }", "2:11: map.a: expected a list, found text 'b'")]
    [InlineData("array: []\nmap: [a]", "2:1: map: expected a mapping, found a list")]
    [InlineData("array: []\npairs: { a: [] }", "2:10: pairs.a: expected text, found a list")]
    [InlineData("array: []\nfree: [a]", "2:1: free: expected a mapping, found a list")]
    [InlineData("array: []\nfree: { a: [.nan] }", "2:13: free.a[0]: JSON has no .nan; write it as text, in quotes")]
    [InlineData("array: []\nchildren: [{ array: [], children: [{ arry: [] }] }]", "2:38: children[0].children[0].arry: unknown; did you mean array?")]
    public void A_wrong_item_is_refused_at_its_place(string yaml, string problem) => Assert.Equal(problem, Sample.Problems<Collections>(yaml));

    public sealed record Wrong(HashSet<string> Names);

    [Fact]
    public void A_record_with_a_type_that_YAML_cannot_give_is_named()
    {
        var error = Assert.Throws<NotSupportedException>(() => Sample.Read<Wrong>("names: [a]"));

        Assert.Contains("Wrong.Names", error.Message, StringComparison.Ordinal);
    }
}
