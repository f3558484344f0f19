using Slipway.Core;
using Slipway.Models;

namespace Slipway.Tests.Models.Memory;

public unsafe class AlignedMemoryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(5 << 20)]
    public void Memory_begins_at_a_line_and_holds_what_is_written(int length)
    {
        var memory = new AlignedMemory<float>(length);
        Assert.Equal(0, (nint)memory.Pointer % AlignedMemory.Alignment);
        Assert.Equal(length, memory.Length);
        memory.Span.Fill(1);
        for (var i = 0; i < length; i += 997) memory.Pointer[i] = i;
        GC.Collect();
        for (var i = 0; i < length; i++) Assert.True(memory.Memory.Span[i] == (i % 997 == 0 ? i : 1));
    }

    [Fact]
    public void Allocate_refuses_a_run_that_needs_more_than_an_array_holds()
    {
        var refused = Assert.Throws<RecordException>(() => AlignedMemory.Allocate(1L << 33));
        Assert.Contains("8589934592 bytes", refused.Message);
    }

    [Fact]
    public void Small_blocks_ask_for_no_huge_pages() => Assert.False(HugePages.Advise(null, HugePages.LeastBytes - 1));
}
