using System.Buffers.Binary;
using Slipway.Core;
using Slipway.Tests.Models.XGBoost;

namespace Slipway.Tests.Models.H2O;

/// <summary>A small archive of every algorithm.</summary>
internal static class SampleMojos
{
    public static MojoBuilder Make(string name) => name switch
    {
        "gbm" => Gbm("1.40"),
        "gbm 1.0" => Gbm("1.00"),
        "drf" => Forest(),
        "isolation forest" => new MojoBuilder("isolationforest", "AnomalyDetection").Features(1).Column("x").Set("n_trees", "1").Set("n_trees_per_class", "1").Set("max_path_length", "70").Set("min_path_length", "40")
            .Entry("trees/t00_000.bin", new TestSplit(0, 4, 1, null, 0, 0, new TestLeaf(30), new TestLeaf(25)).Bytes(1.4)),
        "extended isolation forest" => Oblique(),
        "xgboost" => Booster("softprob.model", 5, "Multinomial").Column("y", "r", "s", "t", "u").Set("n_classes", "4"),
        "xgboost with an offset" => Booster("squared-error.model", 5, "Regression").Column("o").Column("y").Set("offset_column", "o").Set("has_offset", "true"),
        "glm" => Glm("Multinomial", "multinomial", [.. Enumerable.Range(0, 18).Select(i => i / 7.0)]).Column("y", "r", "s", "t").Set("n_classes", "3"),
        "kmeans" => new MojoBuilder("kmeans", "Clustering", "1.00").Features(2).Column("x").Column("level", "a", "b").Set("standardize", "true").Set("standardize_means", 5, double.NaN)
            .Set("standardize_mults", 2, 1).Set("standardize_modes", -1, 1).Set("center_num", "2").Set("center_0", 0, 0).Set("center_1", 10, 1),
        "deep learning" => new MojoBuilder("deeplearning", "Binomial", "1.10").Features(2, 2).Column("level", "a", "b").Column("x").Column("y", "no", "yes").Set("cats", "1").Set("nums", "1").Set("cat_offsets", 0, 3)
            .Set("use_all_factor_levels", "true").Set("norm_mul", 2).Set("norm_sub", 0.5).Set("activation", "Tanh").Set("distribution", "bernoulli").Set("neural_network_sizes", 4, 2, 2).Set("hidden_dropout_ratios", 0, 0)
            .Set("weight_layer0", 1, 2, 3, 4, 5, 6, 7, 8).Set("bias_layer0", 0.5, 0.25).Set("weight_layer1", 1, 2, 3, 4).Set("bias_layer1", -1, 1),
        "stacked ensemble" => new MojoBuilder("stackedensemble", "Regression", "1.01").Features(2).Column("x").Column("z").Column("y").Set("submodel_count", "2").Set("submodel_key_0", "meta").Set("submodel_dir_0", "models/m/")
            .Set("submodel_key_1", "base").Set("submodel_dir_1", "models/b/").Set("base_models_num", "1").Set("metalearner", "meta").Set("base_model0", "base")
            .Folder("models/m/", new MojoBuilder("glm", "Regression", "1.00").Features(1).Column("base").Column("y").Set("cats", "0").Set("nums", "1").Set("family", "gaussian").Set("link", "identity").Set("beta", 2, 1))
            .Folder("models/b/", new MojoBuilder("glm", "Regression", "1.00").Features(2).Column("x").Column("z").Column("y").Set("cats", "0").Set("nums", "2").Set("family", "gaussian").Set("link", "log").Set("beta", 2, 1, 0.5)),
        "cox" => new MojoBuilder("coxph", "CoxPH", "1.00").Features(2).Column("level", "a", "b").Column("x").Set("coef", 0.5, 2).Set("cats", "1").Set("cat_offsets", 0, 1).Set("num_numerical_columns", "1").Set("num_offsets", 1)
            .Set("strata_count", "0").Set("x_mean_cat_size1", "1").Set("x_mean_cat_size2", "1").Set("x_mean_num_size1", "1").Set("x_mean_num_size2", "1").Entry("x_mean_cat", new byte[8]).Entry("x_mean_num", new byte[8]),
        "pca" => new MojoBuilder("pca", "DimReduction", "1.00").Set("supervised", "false").Features(3).Column("x").Column("level", "a", "b", "c").Column("z").Set("k", "2").Set("ncats", "1").Set("nnums", "2")
            .Set("permutation", 1, 0, 2).Set("catOffsets", 0, 2).Set("use_all_factor_levels", "false").Set("normSub", 1, 2).Set("normMul", 0.5, 4).Set("eigenvector_size", "4")
            .Entry("eigenvectors_raw", LinearModelTests.BigEndian(0.5, -0.5, 0.25, 0.75, 2, 3, -1, 5)),
        "svm" => new MojoBuilder("svm", "Regression", "1.00").Features(2).Column("x").Column("z").Column("y").Set("weights", 1, 2).Set("means", 3, 4).Set("meanImputation", "true").Set("interceptor", "0.5"),
        "word2vec" => new MojoBuilder("word2vec", "WordEmbedding", "1.00").Features(0).Set("vocab_size", "2").Set("vec_size", "3").Entry("vocabulary", "a\nb\n"u8.ToArray()).Entry("vectors", new byte[24]),
        _ => throw new ArgumentException(name, nameof(name)),
    };

    public static TheoryData<string> Names =>
    [
        "gbm", "gbm 1.0", "drf", "isolation forest", "extended isolation forest", "xgboost", "xgboost with an offset", "glm", "kmeans", "deep learning", "stacked ensemble", "cox", "pca", "svm", "word2vec",
    ];

    /// <summary>Four rows of numbers and levels for any signature, some missing.</summary>
    public static Batch Rows(Signature signature)
    {
        var batch = new Batch();
        foreach (var input in signature.Inputs)
        {
            var width = input.Shape.Length == 1 ? 1 : (int)input.Shape[1];
            double[] values = [.. Enumerable.Range(0, 4 * width).Select(i => (i % 5) switch { 0 => 1, 1 => double.NaN, 2 => -2.5, 3 => 1e30, _ => 0 })];
            batch.Add(input.Type switch
            {
                ElementType.Bytes => Tensor.OfText(input.Name, "a", null, "level 7", "1"),
                ElementType.Float32 => Tensor.Of<float>(input.Name, [.. values.Select(v => (float)v)], 4, width),
                _ when input.Shape.Length == 1 => Tensor.Of<double>(input.Name, values),
                _ => Tensor.Of<double>(input.Name, values, 4, width),
            });
        }
        return batch;
    }

    public static MojoBuilder Booster(string model, int features, string category)
    {
        var builder = new MojoBuilder("xgboost", category, "1.10").Features(features).Set("nums", $"{features}").Set("cats", "0").Set("cat_offsets", 0).Set("use_all_factor_levels", "true").Set("sparse", "false")
            .Set("booster", "gbtree").Set("has_offset", "false").Entry("boosterBytes", File.ReadAllBytes(GoldenFiles.PathOf(model)));
        for (var f = 0; f < features; f++) builder.Column($"x{f}");
        return builder;
    }

    private static MojoBuilder Gbm(string version)
    {
        var random = new Random(3);
        var builder = CompressedTreeTests.Gbm(version).Column("y").Set("n_trees", "4");
        for (var t = 0; t < 4; t++) CompressedTreeTests.Add(builder, $"t00_{t:000}", CompressedTreeTests.Random(random, 5), MojoFiles.Number(version));
        return builder;
    }

    private static MojoBuilder Forest()
    {
        var random = new Random(5);
        var builder = CompressedTreeTests.Gbm("1.40").Set("algo", "drf").Set("category", "Binomial").Set("n_classes", "2").Column("y", "no", "yes").Set("n_trees", "3").Set("n_trees_per_class", "1")
            .Set("calib_method", "platt").Set("calib_glm_beta", -2, 1);
        for (var t = 0; t < 3; t++) CompressedTreeTests.Add(builder, $"t00_{t:000}", CompressedTreeTests.Random(random, 6), 1.4);
        return builder;
    }

    private static MojoBuilder Glm(string category, string family, double[] beta) =>
        new MojoBuilder("glm", category, "1.00").Features(4).Column("few", "a", "b", "c").Column("two", "p", "q").Column("x").Column("z").Set("cats", "2").Set("nums", "2").Set("cat_offsets", 0, 2, 3)
            .Set("use_all_factor_levels", "false").Set("family", family).Set("link", family).Set("beta", beta).Set("mean_imputation", "true").Set("cat_modes", 1, 0).Set("num_means", 0.5, 0.25);

    /// <summary>Two splits and three leaves over two columns, and the bytes of zero that H2O's buffer leaves behind.</summary>
    private static MojoBuilder Oblique()
    {
        using var stream = new MemoryStream();
        stream.Write(BitConverter.GetBytes(2));
        Split(0, 1, -1, 0.5, 0.25);
        Split(1, 2, 0, 0, 1);
        Leaf(2, 7);
        Leaf(3, 1);
        Leaf(4, 2);
        stream.Write(new byte[40]);
        return new MojoBuilder("extendedisolationforest", "AnomalyDetection", "1.00").Features(2).Column("x").Column("z").Set("ntrees", "1").Set("sample_size", "10").Entry("trees/t00.bin", stream.ToArray());

        void Split(int number, params double[] plane)
        {
            stream.Write([.. BitConverter.GetBytes(number), (byte)'N']);
            foreach (var value in plane) stream.Write(BitConverter.GetBytes(value));
        }

        void Leaf(int number, int rows)
        {
            Span<byte> count = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(count, rows);
            stream.Write([.. BitConverter.GetBytes(number), (byte)'L', .. count]);
        }
    }
}
