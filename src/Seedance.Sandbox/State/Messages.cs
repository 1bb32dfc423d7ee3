namespace Seedance.Sandbox.State;

/// <summary>Why a task failed, in the languages that a task query can ask for.</summary>
internal static class Messages
{
    public static bool Speaks(string language) => language is "zh" or "en" or "ko" or "ja";

    public static string TaskFailed(string language) => language switch
    {
        "en" => "The task failed",
        "ko" => "작업이 실패했습니다",
        "ja" => "タスクが失敗しました",
        _ => "任务失败",
    };

    public static string SomeRejected(string language) => language switch
    {
        "en" => "Some assets failed review",
        "ko" => "일부 소재가 심사를 통과하지 못했습니다",
        "ja" => "一部の素材が審査に合格しませんでした",
        _ => "部分素材审核失败",
    };

    public static string AnotherFace(string language) => language switch
    {
        "en" => "The face does not match the verified person",
        "ko" => "얼굴이 인증된 인물과 일치하지 않습니다",
        "ja" => "顔が認証された人物と一致しません",
        _ => "人脸与已认证人物不匹配",
    };

    public static string VideoRejected(string language) => language switch
    {
        "en" => "The content did not pass review",
        "ko" => "콘텐츠가 심사를 통과하지 못했습니다",
        "ja" => "コンテンツが審査に合格しませんでした",
        _ => "内容未通过审核",
    };
}
