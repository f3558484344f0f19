using System.Text;
using Slipway.Models.Formats.LightGbm;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.LightGbm;

/// <summary>Random models against a second evaluation, bit for bit.</summary>
public class RandomModelTests
{
    private const int Seeds = 300;

    [Fact]
    public void Text_decides_as_LightGBM_does()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var text = RandomModels.Make(seed).ToString();
            var plain = new PlainLightGbm(text);
            Scored.ShouldBe(plain, LightGbmFormat.Text.Read(Encoding.UTF8.GetBytes(text)), plain.Rows(20, new Random(seed)));
        }
    }

    [Fact]
    public void A_dump_decides_as_its_text()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var text = RandomModels.Make(seed).ToString();
            var plain = new PlainLightGbm(text);
            var definition = LightGbmFormat.Json.Read(JsonDump.Of(text));
            Scored.ShouldBe(plain, definition, plain.Rows(20, new Random(seed)));
            var fromText = LightGbmFormat.Text.Read(Encoding.UTF8.GetBytes(text));
            Assert.Equal(fromText.Trees!.Gains, definition.Trees!.Gains);
            // A dump does not tell how many rows reached a tree of one leaf.
            foreach (var tree in Enumerable.Range(0, plain.Trees).Where(t => fromText.Trees.TreeDepths[t] > 0))
            {
                var nodes = fromText.Trees.TreeStarts[tree]..fromText.Trees.TreeStarts[tree + 1];
                Assert.Equal(fromText.Trees.Covers[nodes], definition.Trees.Covers[nodes]);
            }
            Assert.Equal(fromText.Signature, definition.Signature);
        }
    }

    [Fact]
    public void Every_kernel_gives_the_same_margins()
    {
        for (var seed = 0; seed < Seeds / 3; seed++)
        {
            var text = RandomModels.Make(seed).ToString();
            var plain = new PlainLightGbm(text);
            var definition = LightGbmFormat.Text.Read(Encoding.UTF8.GetBytes(text));
            var rows = plain.Rows(33, new Random(seed));
            foreach (var kernel in Enum.GetValues<KernelKind>())
            {
                using var model = TreesModel.Compile(definition, new(Output: Slipway.Core.OutputKind.Margin), kernel);
                using var inputs = Scored.Matrix(rows);
                using var outputs = model.Run(inputs);
                Assert.Equal(rows.SelectMany(plain.Margins), outputs[0].Values<double>().ToArray());
            }
        }
    }
}
