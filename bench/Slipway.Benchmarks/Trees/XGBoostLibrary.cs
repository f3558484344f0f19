using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Benchmarks.Trees;

/// <summary>A model in XGBoost's own library (Debian's libxgboost 1.7.4), called through its C interface: no Python in between.</summary>
internal sealed unsafe partial class XGBoostLibrary : IDisposable
{
    private const string Name = "libxgboost";

    private static readonly byte[] Config = "{\"training\":false,\"type\":0,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":false,\"cache_id\":0,\"missing\":NaN}\0"u8.ToArray();

    private readonly nint _booster;
    private readonly int _features;

    static XGBoostLibrary() => NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == Name ? Load() : 0);

    /// <param name="path">A model file.</param>
    /// <param name="features">Values of a row.</param>
    /// <param name="threads">Of one prediction.</param>
    public XGBoostLibrary(string path, int features, int threads)
    {
        _features = features;
        Check(XGBoosterCreate(null, 0, out _booster));
        Check(XGBoosterLoadModel(_booster, path));
        Check(XGBoosterSetParam(_booster, "nthread", threads.ToString(CultureInfo.InvariantCulture)));
    }

    public static bool IsThere
    {
        get
        {
            var library = Load();
            if (library != 0) NativeLibrary.Free(library);
            return library != 0;
        }
    }

    /// <summary>XGBoost's in-place prediction, without a DMatrix.</summary>
    /// <returns>The sum of the predictions.</returns>
    public double PredictInPlace(float* rows, int count)
    {
        var values = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"data\":[{(nint)rows},true],\"shape\":[{count},{_features}],\"typestr\":\"<f4\",\"version\":3}}\0"));
        fixed (byte* array = values, config = Config)
        {
            Check(XGBoosterPredictFromDense(_booster, array, config, 0, out _, out _, out var result));
            return Sum(result, count);
        }
    }

    /// <summary>XGBoost's plain prediction: rows to a DMatrix, the DMatrix to predictions.</summary>
    /// <returns>The sum of the predictions.</returns>
    public double Predict(float* rows, int count)
    {
        Check(XGDMatrixCreateFromMat(rows, (ulong)count, (ulong)_features, float.NaN, out var matrix));
        fixed (byte* config = Config)
        {
            Check(XGBoosterPredictFromDMatrix(_booster, matrix, config, out _, out _, out var result));
            var sum = Sum(result, count);
            Check(XGDMatrixFree(matrix));
            return sum;
        }
    }

    /// <summary>Saves the model in the form that the name's ending asks for: <c>.json</c>, <c>.ubj</c>, any other the binary one.</summary>
    public void Save(string path) => Check(XGBoosterSaveModel(_booster, path));

    public void Dispose() => _ = XGBoosterFree(_booster);

    private static double Sum(float* values, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++) sum += values[i];
        return sum;
    }

    private static nint Load() =>
        NativeLibrary.TryLoad("/usr/lib/python3/dist-packages/xgboost/lib/libxgboost.so", out var library) || NativeLibrary.TryLoad("libxgboost.so.0", out library) ? library : 0;

    private static void Check(int result)
    {
        if (result != 0) throw new InvalidOperationException(Marshal.PtrToStringUTF8(XGBGetLastError()));
    }

    [LibraryImport(Name)]
    private static partial nint XGBGetLastError();

    [LibraryImport(Name)]
    private static partial int XGBoosterCreate(nint* matrices, ulong count, out nint booster);

    [LibraryImport(Name)]
    private static partial int XGBoosterFree(nint booster);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int XGBoosterLoadModel(nint booster, string path);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int XGBoosterSaveModel(nint booster, string path);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int XGBoosterSetParam(nint booster, string name, string value);

    [LibraryImport(Name)]
    private static partial int XGBoosterPredictFromDense(nint booster, byte* array, byte* config, nint proxy, out ulong* shape, out ulong dimensions, out float* result);

    [LibraryImport(Name)]
    private static partial int XGDMatrixCreateFromMat(float* values, ulong rows, ulong columns, float missing, out nint matrix);

    [LibraryImport(Name)]
    private static partial int XGDMatrixFree(nint matrix);

    [LibraryImport(Name)]
    private static partial int XGBoosterPredictFromDMatrix(nint booster, nint matrix, byte* config, out ulong* shape, out ulong dimensions, out float* result);
}
