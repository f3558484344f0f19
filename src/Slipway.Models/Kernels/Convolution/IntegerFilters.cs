using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>How weights of int8 or uint8 are kept for an <see cref="IntegerConvolution"/>.</summary>
internal enum IntegerForm
{
    /// <summary>Strips of filters for products with columns of pixels.</summary>
    Tiles,

    /// <summary>Four taps side by side: one channel to a group, from registers.</summary>
    Taps,

    /// <summary>The right operand of a product whose rows are items: one pixel of output.</summary>
    Items,
}

/// <summary>
/// Weights of a convolution with their zero points, in the order in which a kernel reads them, made once at load. They are kept as int8: of uint8 each less 128, and so their zero points.
/// </summary>
internal sealed unsafe class IntegerFilters
{
    /// <summary>Taps that a dot product takes.</summary>
    public const int TapGroup = 4;

    /// <summary>More filters for a channel are worth a product of matrices.</summary>
    private const int MostFilters = 4;

    private readonly IntegerKernel _kernel;
    private readonly ConvolutionShape _shape;
    private AlignedMemory<int> _words = new(0);
    private AlignedMemory<int> _sums = new(0);
    private AlignedMemory<int> _zeroPoints = new(0);

    private IntegerFilters(ConvolutionShape shape, IntegerKernel kernel) => (_shape, _kernel, Tiles) = (shape, IntegerSelection.Resolve(kernel), IntegerColumnTiles.For(kernel));

    public IntegerForm Form { get; private set; }

    /// <summary>The micro-kernel of <see cref="IntegerForm.Tiles"/>.</summary>
    public IntegerColumnTiles Tiles { get; }

    /// <summary>Of <see cref="IntegerForm.Items"/>.</summary>
    public PackedIntegers? Items { get; private set; }

    /// <summary>Whether taps are multiplied by AVX-VNNI.</summary>
    public bool HasDotProduct => _kernel == IntegerKernel.DotProduct256;

    /// <summary>By filter: the sum of its weights less their zero points.</summary>
    public int* Sums => _sums.Pointer;

    /// <summary>By filter; null where all are 0.</summary>
    public int* ZeroPoints => HasZeroPoints ? _zeroPoints.Pointer : null;

    public bool HasZeroPoints { get; private set; }

    /// <summary>Of <see cref="IntegerForm.Tiles"/>: by group, strip, step and filter; then, where there are zero points, a filter of ones. Of <see cref="IntegerForm.Taps"/>: by filter, row of taps and group of them.</summary>
    public int* Words => _words.Pointer;

    /// <summary>Steps of a filter.</summary>
    public int Steps => Tiles.StepsOf(_shape.WeightsPerFilter);

    /// <summary>The filter of ones.</summary>
    public int* Ones => Words + ((nint)_shape.Filters * Steps);

    /// <summary>Groups of four in a row of taps.</summary>
    public int TapGroups => (_shape.Width.Kernel + TapGroup - 1) / TapGroup;

    /// <param name="shape">The convolution, or one of the same weights, strides and dilations with an input of another size.</param>
    /// <param name="weights">As <see cref="ConvolutionShape"/> says.</param>
    /// <param name="zeroPoints">None for 0, one for all filters, or one for each.</param>
    /// <param name="isSizeCertain">The input always has this size.</param>
    /// <param name="kernel">The micro-kernel; tests force one.</param>
    /// <typeparam name="T"><see cref="byte"/> or <see cref="sbyte"/>.</typeparam>
    /// <exception cref="ArgumentException">There are not as many weights or zero points.</exception>
    public static IntegerFilters Pack<T>(ConvolutionShape shape, ReadOnlySpan<T> weights, ReadOnlySpan<T> zeroPoints, bool isSizeCertain, IntegerKernel kernel = IntegerKernel.Automatic)
        where T : unmanaged
    {
        var filters = new IntegerFilters(shape, kernel);
        if (isSizeCertain && IsOfItems(shape))
        {
            GemmChecks.Same(shape.WeightsLength, weights.Length, "weights of an integer convolution");
            filters.Form = IntegerForm.Items;
            filters.Items = PackedIntegers.Pack(shape.WeightsPerFilter, shape.Filters, weights, 1, shape.WeightsPerFilter, zeroPoints, kernel);
        }
        else
        {
            filters.Fill(weights, zeroPoints);
        }
        return filters;
    }

    /// <summary>Replaces the weights; memory that is large enough is used again.</summary>
    /// <inheritdoc cref="Pack{T}"/>
    public void Fill<T>(ReadOnlySpan<T> weights, ReadOnlySpan<T> zeroPoints)
        where T : unmanaged
    {
        GemmChecks.Same(_shape.WeightsLength, weights.Length, "weights of an integer convolution");
        GemmChecks.ZeroPoints(zeroPoints.Length, _shape.Filters, nameof(zeroPoints));
        var flip = IntegerSign.IsSigned<T>() ? 0 : 0x80;
        if (_sums.Length < _shape.Filters) (_sums, _zeroPoints) = (new(_shape.Filters), new(_shape.Filters));
        HasZeroPoints = false;
        for (var m = 0; m < _shape.Filters; m++)
        {
            var zero = (sbyte)((zeroPoints.IsEmpty ? 0 : Unsafe.BitCast<T, byte>(zeroPoints[zeroPoints.Length == 1 ? 0 : m])) ^ flip);
            _zeroPoints.Pointer[m] = zero;
            HasZeroPoints |= zero != 0;
        }
        Form = IsOfTaps() ? IntegerForm.Taps : IntegerForm.Tiles;
        Require(Form == IntegerForm.Taps ? (long)_shape.Filters * (_shape.Taps / _shape.Width.Kernel) * TapGroups : (long)(_shape.Filters + 1) * Steps);
        fixed (T* from = weights)
        {
            if (Form == IntegerForm.Taps) PackTaps((byte*)from, flip);
            else PackTiles((byte*)from, flip);
        }
    }

    /// <summary>Whether they serve a convolution, too.</summary>
    public bool Fit(ConvolutionShape shape) =>
        shape.Equals(_shape) || (Form != IntegerForm.Items && shape.Filters == _shape.Filters && shape.Groups == _shape.Groups && shape.Channels == _shape.Channels
            && Same(shape.Depth, _shape.Depth) && Same(shape.Height, _shape.Height) && Same(shape.Width, _shape.Width));

    private static bool Same(WindowAxis a, WindowAxis b) => a.Kernel == b.Kernel && a.Stride == b.Stride && a.Dilation == b.Dilation;

    /// <summary>The window is the whole input.</summary>
    private static bool IsOfItems(ConvolutionShape shape) => shape.Groups == 1 && shape.OutputPixels == 1 && IsWhole(shape.Depth) && IsWhole(shape.Height) && IsWhole(shape.Width);

    private static bool IsWhole(WindowAxis axis) => axis.Input == axis.Kernel && axis.Dilation == 1 && axis.PadBegin == 0;

    private bool IsOfTaps() =>
        _shape.ChannelsPerGroup == 1 && _shape.FiltersPerGroup <= MostFilters && !HasZeroPoints && _kernel != IntegerKernel.Portable && IntegerTaps.Reaches(_shape.Width);

    private void Require(long words)
    {
        if (_words.Length < words) _words = new AlignedMemory<int>(words);
    }

    private void PackTaps(byte* from, int flip)
    {
        var (width, groups) = (_shape.Width.Kernel, TapGroups);
        var to = Words;
        for (var m = 0; m < _shape.Filters; m++)
        {
            var sum = 0;
            for (var row = 0; row < _shape.Taps / width; row++, from += width)
            {
                for (var group = 0; group < groups; group++)
                {
                    var word = 0;
                    for (var tap = group * TapGroup; tap < Math.Min((group + 1) * TapGroup, width); tap++)
                    {
                        var weight = (sbyte)(from[tap] ^ flip);
                        sum += weight;
                        word |= (byte)weight << (8 * (tap % TapGroup));
                    }
                    *to++ = word;
                }
            }
            Sums[m] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackTiles(byte* from, int flip)
    {
        var (k, steps, filters, group) = (_shape.WeightsPerFilter, Steps, _shape.FiltersPerGroup, Tiles.Group);
        var strips = Tiles.StripsOf(filters);
        for (var part = 0; part < _shape.Groups; part++)
        {
            for (var strip = 0; strip < strips.Count; strip++)
            {
                var (first, height) = ((part * filters) + strips.Start(strip), strips.Height(strip));
                for (var i = 0; i < height; i++)
                {
                    var m = first + i;
                    var sum = 0;
                    var read = from + ((nint)m * k);
                    var write = Words + ((nint)first * steps) + i;
                    for (var step = 0; step < steps; step++, write += height) *write = Word(read, group, step, k, flip, ref sum);
                    Sums[m] = sum - (k * _zeroPoints.Pointer[m]);
                }
            }
        }
        if (!HasZeroPoints) return;
        for (var step = 0; step < steps; step++)
        {
            var ones = 0;
            for (var part = 0; part < Math.Min(Tiles.Group, k - (step * Tiles.Group)); part++) ones |= 1 << (part * 32 / Tiles.Group);
            Ones[step] = ones;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Word(byte* read, int group, int step, int k, int flip, ref int sum)
    {
        var word = 0;
        for (var part = 0; part < group && (step * group) + part < k; part++)
        {
            var weight = (sbyte)(read[(step * group) + part] ^ flip);
            sum += weight;
            word |= group switch { 4 => (byte)weight << (8 * part), 2 => (ushort)weight << (16 * part), _ => weight };
        }
        return word;
    }
}
