using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.OnnxRuntime;

/// <summary>
/// The functions of ONNX Runtime's C interface (<c>OrtApi</c>, version 16: onnxruntime 1.16 and later) that scoring needs.
/// The interface is a table of function pointers to which later versions only append, so a position never changes.
/// </summary>
internal static unsafe partial class OrtApi
{
    private const uint Version = 16;
    private const int InvalidArgument = 2;

    private enum Entry
    {
        GetErrorCode = 1,
        GetErrorMessage = 2,
        CreateEnv = 3,
        CreateSession = 7,
        Run = 9,
        CreateSessionOptions = 10,
        SetIntraOpNumThreads = 24,
        SetInterOpNumThreads = 25,
        SessionGetInputCount = 30,
        SessionGetOutputCount = 31,
        SessionGetInputTypeInfo = 33,
        SessionGetOutputTypeInfo = 34,
        SessionGetInputName = 36,
        SessionGetOutputName = 37,
        CreateTensorAsOrtValue = 48,
        CreateTensorWithDataAsOrtValue = 49,
        GetTensorMutableData = 51,
        GetStringTensorDataLength = 53,
        GetStringTensorContent = 54,
        CastTypeInfoToTensorInfo = 55,
        GetOnnxTypeFromTypeInfo = 56,
        GetTensorElementType = 60,
        GetDimensionsCount = 61,
        GetDimensions = 62,
        GetTensorTypeAndShape = 65,
        GetValueType = 67,
        CreateCpuMemoryInfo = 69,
        AllocatorFree = 76,
        GetAllocatorWithDefaultOptions = 78,
        GetValue = 80,
        GetValueCount = 81,
        CreateValue = 82,
        ReleaseStatus = 93,
        ReleaseSession = 95,
        ReleaseValue = 96,
        ReleaseTypeInfo = 98,
        ReleaseTensorTypeAndShapeInfo = 99,
        ReleaseSessionOptions = 100,
        CastTypeInfoToSequenceTypeInfo = 104,
        CastTypeInfoToMapTypeInfo = 103,
        GetMapKeyType = 105,
        GetMapValueType = 106,
        GetSequenceElementType = 107,
        ReleaseMapTypeInfo = 108,
        ReleaseSequenceTypeInfo = 109,
        SessionGetModelMetadata = 111,
        ModelMetadataGetProducerName = 112,
        ModelMetadataGetGraphName = 113,
        ModelMetadataGetDomain = 114,
        ModelMetadataGetDescription = 115,
        ModelMetadataGetVersion = 117,
        ReleaseModelMetadata = 118,
        HasValue = 192,
        GetResizedStringTensorElementBuffer = 252,
    }

    private static readonly Lazy<nint> Table = new(LoadTable);
    private static readonly Lazy<nint> Environment = new(CreateEnvironment);
    private static readonly Lazy<nint> CpuMemory = new(CreateCpuMemory);
    private static readonly Lazy<nint> Allocator = new(GetAllocator);

    public static string LibraryVersion
    {
        get
        {
            var api = (nint*)((delegate* unmanaged<nint>)NativeLibrary.GetExport(OrtLibrary.Handle, "OrtGetApiBase"))();
            return Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)api[1])())!;
        }
    }

    public static nint CreateSession(string path, int threads)
    {
        nint options;
        Check(((delegate* unmanaged<nint*, nint>)At(Entry.CreateSessionOptions))(&options));
        try
        {
            Check(((delegate* unmanaged<nint, int, nint>)At(Entry.SetIntraOpNumThreads))(options, threads));
            Check(((delegate* unmanaged<nint, int, nint>)At(Entry.SetInterOpNumThreads))(options, 1));
            var encoding = OperatingSystem.IsWindows() ? Encoding.Unicode : Encoding.UTF8;
            nint session;
            fixed (byte* name = encoding.GetBytes(path + "\0"))
            {
                Check(((delegate* unmanaged<nint, byte*, nint, nint*, nint>)At(Entry.CreateSession))(Environment.Value, name, options, &session));
            }
            return session;
        }
        finally
        {
            Release(Entry.ReleaseSessionOptions, options);
        }
    }

    public static void ReleaseSession(nint session) => Release(Entry.ReleaseSession, session);

    public static void ReleaseValue(nint value) => Release(Entry.ReleaseValue, value);

    public static int InputCount(nint session) => Count(Entry.SessionGetInputCount, session);

    public static int OutputCount(nint session) => Count(Entry.SessionGetOutputCount, session);

    public static string InputName(nint session, int index) => Name(Entry.SessionGetInputName, session, index);

    public static string OutputName(nint session, int index) => Name(Entry.SessionGetOutputName, session, index);

    public static OrtType InputType(nint session, int index) => TypeOf(Entry.SessionGetInputTypeInfo, session, index);

    public static OrtType OutputType(nint session, int index) => TypeOf(Entry.SessionGetOutputTypeInfo, session, index);

    /// <summary>A tensor value over memory that the caller keeps pinned while the value lives.</summary>
    public static nint WrapTensor(byte* data, nint bytes, ReadOnlySpan<long> shape, int elementType)
    {
        nint value;
        fixed (long* dimensions = shape)
        {
            Check(((delegate* unmanaged<nint, byte*, nint, long*, nint, int, nint*, nint>)At(Entry.CreateTensorWithDataAsOrtValue))(
                CpuMemory.Value, data, bytes, dimensions, shape.Length, elementType, &value));
        }
        return value;
    }

    public static nint CreateStringTensor(Tensor tensor)
    {
        nint value;
        fixed (long* dimensions = tensor.Shape)
        {
            Check(((delegate* unmanaged<nint, long*, nint, int, nint*, nint>)At(Entry.CreateTensorAsOrtValue))(
                Allocator.Value, dimensions, tensor.Shape.Length, OrtType.String, &value));
        }
        for (var i = 0; i < tensor.Count; i++) SetText(value, i, tensor.GetBytes(i));
        return value;
    }

    /// <summary>Runs the session; the caller releases the values written to <paramref name="outputs"/>.</summary>
    /// <exception cref="RecordException">The inputs do not suit the graph.</exception>
    public static void Run(nint session, nint* inputNames, nint* inputs, int inputCount, nint* outputNames, int outputCount, nint* outputs)
    {
        var status = ((delegate* unmanaged<nint, nint, nint*, nint*, nint, nint*, nint, nint*, nint>)At(Entry.Run))(
            session, 0, inputNames, inputs, inputCount, outputNames, outputCount, outputs);
        if (status != 0) throw new RecordException($"onnxruntime: {Take(status)}");
    }

    public static bool IsTensor(nint value)
    {
        int kind;
        Check(((delegate* unmanaged<nint, int*, nint>)At(Entry.GetValueType))(value, &kind));
        return kind == OrtType.TensorKind;
    }

    /// <summary>Copies a native tensor value into a pooled tensor.</summary>
    public static Tensor ToTensor(nint value, string name)
    {
        var (type, shape) = TensorInfoOf(value);
        var element = OrtType.ToElementType(type) ?? throw new RecordException($"onnxruntime: output '{name}' has element type {type}, which has no tensor here");
        var tensor = Tensor.Uninitialized(name, element, shape);
        if (element == ElementType.Bytes)
        {
            CopyStrings(value, tensor);
            return tensor;
        }
        var raw = tensor.RawData;
        new ReadOnlySpan<byte>(DataOf(value), raw.Length).CopyTo(raw);
        return tensor;
    }

    /// <summary>Element <paramref name="index"/> of a sequence, or keys (0) and values (1) of a map. The caller releases it.</summary>
    public static nint Item(nint value, int index)
    {
        nint item;
        Check(((delegate* unmanaged<nint, int, nint, nint*, nint>)At(Entry.GetValue))(value, index, Allocator.Value, &item));
        return item;
    }

    public static int ItemCount(nint value) => Count(Entry.GetValueCount, value);

    /// <summary>Producer, graph, domain, description and version, as far as the model names them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Metadata(nint session)
    {
        var facts = new List<KeyValuePair<string, string>>();
        nint metadata;
        Check(((delegate* unmanaged<nint, nint*, nint>)At(Entry.SessionGetModelMetadata))(session, &metadata));
        try
        {
            foreach (var (label, entry) in new[]
            {
                ("producer", Entry.ModelMetadataGetProducerName), ("graph", Entry.ModelMetadataGetGraphName),
                ("domain", Entry.ModelMetadataGetDomain), ("description", Entry.ModelMetadataGetDescription),
            })
            {
                byte* text;
                Check(((delegate* unmanaged<nint, nint, byte**, nint>)At(entry))(metadata, Allocator.Value, &text));
                if (TakeText(text) is { Length: > 0 } value) facts.Add(new(label, value));
            }
            long version;
            Check(((delegate* unmanaged<nint, long*, nint>)At(Entry.ModelMetadataGetVersion))(metadata, &version));
            if (version is not (0 or long.MaxValue)) facts.Add(new("model version", version.ToString()));
        }
        finally
        {
            Release(Entry.ReleaseModelMetadata, metadata);
        }
        return facts;
    }

    private static nint LoadTable()
    {
        var api = (nint*)((delegate* unmanaged<nint>)NativeLibrary.GetExport(OrtLibrary.Handle, "OrtGetApiBase"))();
        var table = ((delegate* unmanaged<uint, nint>)api[0])(Version);
        return table != 0 ? table : throw new ModelException($"the native onnxruntime is version {LibraryVersion}: 1.{Version} or later is needed");
    }

    private static nint CreateEnvironment()
    {
        const int errorsOnly = 3;
        nint environment;
        fixed (byte* name = "slipway\0"u8)
        {
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)At(Entry.CreateEnv))(errorsOnly, name, &environment));
        }
        return environment;
    }

    private static nint CreateCpuMemory()
    {
        const int arenaAllocator = 1;
        const int defaultMemory = 0;
        nint memory;
        Check(((delegate* unmanaged<int, int, nint*, nint>)At(Entry.CreateCpuMemoryInfo))(arenaAllocator, defaultMemory, &memory));
        return memory;
    }

    private static nint GetAllocator()
    {
        nint allocator;
        Check(((delegate* unmanaged<nint*, nint>)At(Entry.GetAllocatorWithDefaultOptions))(&allocator));
        return allocator;
    }

    private static OrtType TypeOf(Entry entry, nint session, int index)
    {
        nint type;
        Check(((delegate* unmanaged<nint, nint, nint*, nint>)At(entry))(session, index, &type));
        try
        {
            return Describe(type);
        }
        finally
        {
            Release(Entry.ReleaseTypeInfo, type);
        }
    }

    private static OrtType Describe(nint type)
    {
        int kind;
        Check(((delegate* unmanaged<nint, int*, nint>)At(Entry.GetOnnxTypeFromTypeInfo))(type, &kind));
        if (kind == OrtType.TensorKind)
        {
            nint info;
            Check(((delegate* unmanaged<nint, nint*, nint>)At(Entry.CastTypeInfoToTensorInfo))(type, &info));
            var (element, shape) = TensorInfo(info);
            return new OrtType(kind, element, shape);
        }
        if (kind == OrtType.SequenceKind)
        {
            nint sequence, item;
            Check(((delegate* unmanaged<nint, nint*, nint>)At(Entry.CastTypeInfoToSequenceTypeInfo))(type, &sequence));
            Check(((delegate* unmanaged<nint, nint*, nint>)At(Entry.GetSequenceElementType))(sequence, &item));
            try
            {
                return new OrtType(kind, 0, []) { Item = Describe(item) };
            }
            finally
            {
                Release(Entry.ReleaseTypeInfo, item);
            }
        }
        if (kind == OrtType.MapKind)
        {
            nint map, value;
            Check(((delegate* unmanaged<nint, nint*, nint>)At(Entry.CastTypeInfoToMapTypeInfo))(type, &map));
            Check(((delegate* unmanaged<nint, nint*, nint>)At(Entry.GetMapValueType))(map, &value));
            try
            {
                return new OrtType(kind, 0, []) { Item = Describe(value) };
            }
            finally
            {
                Release(Entry.ReleaseTypeInfo, value);
            }
        }
        return new OrtType(kind, 0, []);
    }

    private static (int Element, long[] Shape) TensorInfo(nint info)
    {
        int element;
        nint rank;
        Check(((delegate* unmanaged<nint, int*, nint>)At(Entry.GetTensorElementType))(info, &element));
        Check(((delegate* unmanaged<nint, nint*, nint>)At(Entry.GetDimensionsCount))(info, &rank));
        var shape = new long[rank];
        fixed (long* dimensions = shape)
        {
            if (rank > 0) Check(((delegate* unmanaged<nint, long*, nint, nint>)At(Entry.GetDimensions))(info, dimensions, rank));
        }
        return (element, shape);
    }

    private static (int Element, long[] Shape) TensorInfoOf(nint value)
    {
        nint info;
        Check(((delegate* unmanaged<nint, nint*, nint>)At(Entry.GetTensorTypeAndShape))(value, &info));
        try
        {
            return TensorInfo(info);
        }
        finally
        {
            Release(Entry.ReleaseTensorTypeAndShapeInfo, info);
        }
    }

    private static void SetText(nint value, int index, ReadOnlySpan<byte> text)
    {
        byte* buffer;
        Check(((delegate* unmanaged<nint, nint, nint, byte**, nint>)At(Entry.GetResizedStringTensorElementBuffer))(value, index, text.Length, &buffer));
        text.CopyTo(new Span<byte>(buffer, text.Length));
    }

    private static void CopyStrings(nint value, Tensor tensor)
    {
        var (content, ends) = Texts(value, tensor.Count);
        for (var i = 0; i < ends.Length; i++) tensor.Append(content.AsSpan((i == 0 ? 0 : ends[i - 1])..ends[i]));
    }

    /// <summary>The texts of a tensor, one behind the other, and where each ends.</summary>
    private static (byte[] Content, int[] Ends) Texts(nint value, int count)
    {
        nint length;
        Check(((delegate* unmanaged<nint, nint*, nint>)At(Entry.GetStringTensorDataLength))(value, &length));
        var content = new byte[length];
        var starts = new nint[count];
        fixed (byte* bytes = content)
        fixed (nint* offsets = starts)
        {
            if (count > 0) Check(((delegate* unmanaged<nint, byte*, nint, nint*, nint, nint>)At(Entry.GetStringTensorContent))(value, bytes, length, offsets, count));
        }
        var ends = new int[count];
        for (var i = 0; i < count; i++) ends[i] = (int)(i + 1 < count ? starts[i + 1] : length);
        return (content, ends);
    }

    private static int Count(Entry entry, nint handle)
    {
        nint count;
        Check(((delegate* unmanaged<nint, nint*, nint>)At(entry))(handle, &count));
        return (int)count;
    }

    private static string Name(Entry entry, nint session, int index)
    {
        byte* text;
        Check(((delegate* unmanaged<nint, nint, nint, byte**, nint>)At(entry))(session, index, Allocator.Value, &text));
        return TakeText(text);
    }

    private static string TakeText(byte* text)
    {
        var taken = Marshal.PtrToStringUTF8((nint)text) ?? "";
        ((delegate* unmanaged<nint, byte*, nint>)At(Entry.AllocatorFree))(Allocator.Value, text);
        return taken;
    }

    private static void Check(nint status)
    {
        if (status != 0) throw new ModelException($"onnxruntime: {Take(status)}");
    }

    private static string Take(nint status)
    {
        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)At(Entry.GetErrorMessage))(status)) ?? "unknown error";
        Release(Entry.ReleaseStatus, status);
        return message;
    }

    private static void Release(Entry entry, nint handle)
    {
        if (handle != 0) ((delegate* unmanaged<nint, void>)At(entry))(handle);
    }

    private static nint At(Entry entry) => ((nint*)Table.Value)[(int)entry];
}
