using Slipway.Models;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

public class ArenaLayoutTests
{
    [Fact]
    public void Blocks_that_are_needed_at_the_same_time_never_overlap()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var blocks = new Block[random.Next(1, 40)];
            for (var i = 0; i < blocks.Length; i++)
            {
                var first = random.Next(20);
                blocks[i] = new Block(random.Next(4) == 0 ? 0 : random.Next(1, 2_000), first, random.Next(8) == 0 ? int.MaxValue : first + random.Next(8));
            }
            var offsets = ArenaLayout.Place(blocks, out var size);
            for (var i = 0; i < blocks.Length; i++)
            {
                Assert.Equal(0, offsets[i] % AlignedMemory.Alignment);
                Assert.True(offsets[i] + blocks[i].Bytes <= size);
                for (var j = 0; j < i; j++)
                {
                    if (blocks[i].First > blocks[j].Last || blocks[j].First > blocks[i].Last) continue;
                    Assert.True(offsets[i] + blocks[i].Bytes <= offsets[j] || offsets[j] + blocks[j].Bytes <= offsets[i], $"round {round}: {blocks[i]} at {offsets[i]} and {blocks[j]} at {offsets[j]}");
                }
            }
        }
    }

    [Fact]
    public void Blocks_one_after_the_other_share_a_place()
    {
        ArenaLayout.Place([new Block(1024, 0, 1), new Block(1024, 2, 3), new Block(1024, 4, 5)], out var size);
        Assert.Equal(1024, size);
    }
}
