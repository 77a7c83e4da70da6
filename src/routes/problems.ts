import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Text } from '../platform/result.ts'

type Row = { status: ContentfulStatusCode; title: Text; help: Text }

const row = (status: ContentfulStatusCode, vi: string, en: string, helpVi: string, helpEn: string): Row => ({
  status,
  title: { vi, en },
  help: { vi: helpVi, en: helpEn },
})

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a status of tus 1.0.0 itself, which no registry knows
const checksumMismatch = 460 as ContentfulStatusCode

// prettier-ignore
/** Every way this API can say no: replies, the OpenAPI document and the pages under /problems all read this table. */
export const problems = {
  // The request itself
  'unreadable-request': row(400, 'Không đọc được yêu cầu', 'The request cannot be read', 'Kiểm tra cú pháp JSON, tham số và tiêu đề của yêu cầu.', 'Check the JSON syntax, the parameters and the headers of the request.'),
  'invalid-request': row(422, 'Yêu cầu không hợp lệ', 'The request is not valid', 'Mục "errors" liệt kê tất cả các lỗi cùng vị trí; sửa hết rồi gửi lại.', '"errors" lists every fault with its place; mend them all and send again.'),
  'wrong-media-type': row(415, 'Kiểu nội dung không được hỗ trợ', 'The content type is not supported', 'Gửi đúng Content-Type mà tài liệu của thao tác nêu.', 'Send the Content-Type that the operation documents.'),
  'too-large': row(413, 'Nội dung quá lớn', 'The content is too large', 'Dữ liệu biểu mẫu tối đa 256 KB, mỗi tệp tối đa 10 MB.', 'Form data may hold 256 KB, a file 10 MB.'),
  'length-required': row(411, 'Thiếu độ dài nội dung', 'The length of the content is missing', 'Gửi tiêu đề Content-Length cùng tệp.', 'Send a Content-Length header with the file.'),
  'no-such-address': row(404, 'Không có địa chỉ này', 'There is nothing at this address', 'Xem danh sách địa chỉ tại /docs.', 'See /docs for the addresses there are.'),
  'method-not-allowed': row(405, 'Phương thức không được phép', 'The method is not allowed here', 'Tiêu đề Allow nêu các phương thức được phép.', 'The Allow header names the methods that are.'),
  'too-many-requests': row(429, 'Quá nhiều yêu cầu', 'Too many requests', 'Chờ số giây nêu trong Retry-After rồi gửi lại; nộp hồ sơ có hạn mức riêng.', 'Wait for the seconds in Retry-After, then send again; handing in has a quota of its own.'),
  internal: row(500, 'Lỗi phía hệ thống', 'Something went wrong on our side', 'Không có gì được lưu dở dang. Thử lại với cùng Idempotency-Key; nếu còn lỗi, báo mã yêu cầu (instance).', 'Nothing was half written. Try again with the same Idempotency-Key; if it stays, report the request id (instance).'),

  // Who asks
  'token-needed': row(401, 'Cần đăng nhập', 'A token is needed', 'Gửi Authorization: Bearer với mã truy cập còn hiệu lực.', 'Send Authorization: Bearer with a valid access token.'),
  'token-invalid': row(401, 'Mã truy cập không hợp lệ', 'The token is not valid', 'Lấy mã truy cập mới từ máy chủ cấp phép đã đăng ký.', 'Get a new token from an issuer that this service trusts.'),
  'token-expired': row(401, 'Mã truy cập đã hết hạn', 'The token has expired', 'Lấy mã truy cập mới.', 'Get a new token.'),
  'dpop-proof-invalid': row(401, 'Bằng chứng sở hữu khóa (DPoP) không hợp lệ', 'The proof of possession (DPoP) is not valid', 'Gửi với mỗi yêu cầu một bằng chứng mới trong tiêu đề DPoP: cho đúng phương thức, địa chỉ và mã truy cập, ký bằng khóa mà mã gắn với.', 'Send a new proof with each request in the header DPoP: about this method, address and token, signed with the key that the token is bound to.'),
  'issuer-unreachable': row(503, 'Không liên lạc được với nơi cấp mã', 'The issuer of the token cannot be reached', 'Thử lại sau ít phút.', 'Try again in a few minutes.'),
  'not-allowed': row(403, 'Không có quyền thực hiện', 'You may not do this', 'Vai trò hoặc phạm vi của mã truy cập không cho phép thao tác này.', 'The role or the scope of the token does not cover this operation.'),
  'mandate-not-valid': row(403, 'Ủy quyền không dùng được', 'The mandate cannot be used', 'Ủy quyền nêu trong tiêu đề Mandate không có, không phải của bạn, đã hết hạn hoặc đã chấm dứt. Xem /v1/mandates.', 'The mandate in the header Mandate is not there, is not yours, or has ended. See /v1/mandates.'),
  'no-such-consent': row(404, 'Không có sự đồng ý này', 'No such consent', 'Xem danh sách tại /v1/consents.', 'See the list at /v1/consents.'),
  'unknown-client': row(400, 'Không rõ ứng dụng nào', 'The app is not known', 'Liên kết này không nêu ứng dụng nào được thành phố đăng ký, nên không chuyển bạn đi đâu cả. Hãy báo cho bên đã đưa liên kết.', 'This link names no app that the city has registered, so it leads nowhere. Tell whoever gave you the link.'),
  'redirect-uri-unknown': row(400, 'Địa chỉ quay lại không được đăng ký', 'The address to return to is not registered', 'redirect_uri phải đúng từng ký tự như một địa chỉ mà ứng dụng đã đăng ký. Bạn không bị chuyển đi đâu cả.', 'redirect_uri must be one that the app is registered with, letter by letter. You are not sent anywhere.'),
  'no-such-authorization': row(404, 'Không còn gì để trả lời', 'There is nothing to answer any more', 'Yêu cầu đã được trả lời, đã quá 15 phút, hoặc bắt đầu ở trình duyệt khác. Hãy quay lại ứng dụng và bắt đầu lại.', 'The request was answered, is older than 15 minutes, or began in another browser. Go back to the app and begin anew.'),
  'form-not-ours': row(403, 'Biểu mẫu không đến từ trang của thành phố', 'The form does not come from the city’s page', 'Chưa có gì được cho phép. Hãy quay lại ứng dụng và bắt đầu lại.', 'Nothing was allowed. Go back to the app and begin anew.'),
  'no-such-mandate': row(404, 'Không có ủy quyền này', 'No such mandate', 'Xem danh sách tại /v1/mandates.', 'See the list at /v1/mandates.'),

  // Commands
  'idempotency-key-needed': row(400, 'Thiếu Idempotency-Key', 'An Idempotency-Key is needed', 'Gửi tiêu đề Idempotency-Key: một chuỗi riêng cho mỗi hồ sơ, giữ nguyên khi gửi lại.', 'Send an Idempotency-Key header: a string of its own for each dossier, the same when you send again.'),
  'idempotency-key-reused': row(422, 'Idempotency-Key đã dùng cho nội dung khác', 'The Idempotency-Key was used with another body', 'Mục "errors" nêu các vị trí khác nhau. Dùng khóa mới cho yêu cầu mới.', '"errors" names the places that differ. Use a new key for a new request.'),
  'if-match-needed': row(428, 'Thiếu If-Match', 'If-Match is needed', 'Đọc hồ sơ, gửi lại ETag của nó trong If-Match.', 'Read the dossier and send its ETag in If-Match.'),
  'changed-meanwhile': row(412, 'Hồ sơ vừa được thay đổi', 'It was changed meanwhile', 'Đọc lại để lấy ETag mới rồi quyết định lại.', 'Read it again for the new ETag and decide anew.'),
  'step-not-possible': row(409, 'Không thể chuyển sang bước này', 'This step is not possible now', 'Xem bảng chuyển trạng thái trong tài liệu; đọc lại trạng thái hiện tại.', 'See the table of transitions in the docs, and read the current status.'),

  // Catalogue, units, time
  'no-such-procedure': row(404, 'Không có thủ tục này', 'No such procedure', 'Tra danh mục tại /v1/procedures.', 'Look it up at /v1/procedures.'),
  'no-such-unit': row(404, 'Không có đơn vị này', 'No such unit', 'Tra danh sách tại /v1/units.', 'Look it up at /v1/units.'),
  'no-such-service-point': row(404, 'Không có điểm phục vụ này', 'No such service point', 'Tra danh sách tại /v1/service-points.', 'Look it up at /v1/service-points.'),
  'no-such-reform': row(404, 'Không có đợt sắp xếp này', 'No such reform', 'Xem danh sách tại /v1/reforms.', 'See the list at /v1/reforms.'),
  'no-such-outage': row(404, 'Không có sự cố này', 'No such outage', 'Xem danh sách tại /v1/outages.', 'See the list at /v1/outages.'),
  'calendar-unknown': row(422, 'Ngày nằm ngoài lịch làm việc đã công bố', 'The date is outside of the published calendar', 'Chọn ngày trong khoảng lịch đã nhập.', 'Choose a date within the calendar that was imported.'),

  // Dossiers
  'no-such-dossier': row(404, 'Không có hồ sơ này', 'No such dossier', 'Kiểm tra mã hồ sơ và quyền xem của mã truy cập.', 'Check the code, and whether your token may see it.'),
  'no-such-slip': row(404, 'Hồ sơ không có phiếu này', 'The dossier has no such slip', 'Phiếu chỉ có khi bước tương ứng đã diễn ra; xem nhật ký tại …/events và chọn đúng số thứ tự.', 'A slip exists once its step has happened; see …/events, and name the sequence of that step.'),
  'not-printable': row(406, 'Không in được phiếu dạng PDF', 'The slip cannot be printed as a PDF', 'Nội dung có ký tự mà phông chữ của phiếu không có; hãy lấy dạng HTML hoặc JSON.', 'It holds letters that the typeface of slips does not have; ask for HTML or JSON.'),
  'no-result-yet': row(409, 'Chưa có kết quả để đánh giá', 'There is no result to rate yet', 'Đánh giá khi hồ sơ đã giải quyết xong hoặc đã trả kết quả.', 'A dossier is rated once it is "resolved" or "returned".'),
  'rating-closed': row(409, 'Đã quá hạn sửa đánh giá', 'The rating can no longer be changed', 'Đánh giá chỉ sửa được trong 30 ngày kể từ lần đầu.', 'A rating can be changed for 30 days after it was given.'),
  'already-asked': row(409, 'Thành phần này đã được yêu cầu bổ sung', 'It was asked for before', 'Yêu cầu bổ sung phải nêu một lần, đầy đủ; nếu phải yêu cầu lại, nêu lý do trong "whyAgain".', 'What is missing is named once and in full; if it has to be asked for again, say why in "whyAgain".'),
  'too-many-events': row(422, 'Hồ sơ đã có quá nhiều bước', 'The dossier has too many events', 'Một hồ sơ có tối đa 200 sự kiện, mười sự kiện cuối dành cho việc kết thúc: hãy quyết định hồ sơ.', 'A dossier carries 200 events, the last ten for what ends it: decide it.'),
  'form-too-large': row(413, 'Dữ liệu biểu mẫu quá lớn', 'The form is too large', 'Dữ liệu biểu mẫu tối đa 256 KB; phần còn lại gửi dưới dạng tệp.', 'Form data may hold 256 KB; send the rest as files.'),
  'not-in-handling': row(409, 'Hồ sơ không ở giai đoạn giải quyết có hẹn ngày', 'The dossier is not in handling with a due date', 'Chỉ hẹn lại khi hồ sơ đã tiếp nhận hoặc đang xử lý.', 'A new date is for dossiers that were accepted or are processed.'),
  'already-reappointed': row(409, 'Đã hẹn lại một lần', 'A new date was named before', 'Pháp luật chỉ cho hẹn lại không quá một lần.', 'The law allows one new date at most.'),
  'apology-too-late': row(409, 'Quá muộn để xin lỗi và hẹn lại', 'It is too late to apologise and name a new date', 'Phải thông báo ít nhất một ngày trước ngày hẹn trả.', 'It has to be told at least a day before the due date.'),
  'not-late': row(409, 'Hồ sơ không quá hạn', 'The dossier is not late', 'Nguyên nhân chỉ ghi cho hồ sơ đang quá hạn hoặc đã giải quyết quá hạn, so với ngày hẹn ban đầu.', 'A cause is named for a dossier that is late, or was decided late, against the original date.'),
  'cause-in-apology': row(409, 'Nguyên nhân đã nêu trong thư xin lỗi', 'The apology names the cause', 'Nguyên nhân đã báo cho người nộp bằng thư xin lỗi không sửa được nữa.', 'What the applicant was told in an apology cannot be changed any more.'),
  'not-a-later-date': row(422, 'Ngày hẹn mới không sau ngày hẹn cũ', 'The new date is not later than the old one', 'Chọn một ngày sau ngày hẹn trả.', 'Choose a date after the due date.'),
  'not-a-working-day': row(422, 'Ngày hẹn mới không phải ngày làm việc', 'The new date is not a working day', 'Chọn một ngày làm việc theo lịch.', 'Choose a working day of the calendar.'),
  'not-awaiting-assignment': row(409, 'Hồ sơ không chờ phân công', 'The dossier does not wait for assignment', 'Hồ sơ đã có đúng một đơn vị có thẩm quyền.', 'It has exactly one competent unit already.'),
  'not-a-candidate': row(422, 'Đơn vị không thuộc danh sách kế thừa', 'The unit is not a candidate', 'Chọn một trong các đơn vị kế thừa được nêu tại /v1/reassignments.', 'Choose one of the candidates that /v1/reassignments names.'),
  'lookup-secret-wrong': row(403, 'Mã tra cứu không đúng', 'The look-up secret is wrong', 'Mã tra cứu gồm bốn ký tự, in trên giấy tiếp nhận.', 'The look-up secret is the four characters printed on the receipt.'),
  'no-such-file': row(404, 'Không có tệp này', 'No such file', 'Kiểm tra mã tệp và quyền xem.', 'Check the id, and whether your token may see it.'),
  'file-taken': row(409, 'Tệp đã thuộc về một hồ sơ hoặc bản sao khác', 'The file already belongs to another dossier or copy', 'Tải tệp lên lần nữa và dùng mã mới.', 'Upload the file again and use its new id.'),
  'range-not-satisfiable': row(416, 'Không có khoảng byte này', 'There is no such range of bytes', 'Tệp ngắn hơn khoảng được yêu cầu.', 'The file is shorter than the range that was asked for.'),
  'empty-file': row(422, 'Tệp rỗng', 'The file is empty', 'Gửi tệp có nội dung.', 'Send a file that holds something.'),
  'digest-mismatch': row(422, 'Nội dung không khớp giá trị băm đã khai', 'The content does not match its digest', 'Tính lại SHA-256 (Content-Digest; khi gửi từng phần: Repr-Digest) và gửi lại tệp.', 'Compute the SHA-256 again (Content-Digest; of an upload in pieces Repr-Digest) and send the file again.'),
  'not-what-it-says': row(415, 'Nội dung không phải định dạng đã khai', 'The content is not of the declared type', 'Tệp phải là PDF, PNG hoặc JPEG thật, đúng Content-Type.', 'The file must really be a PDF, PNG or JPEG, as its Content-Type says.'),
  'file-quarantined': row(403, 'Tệp bị cách ly vì có mã độc', 'The file is quarantined: malware was found in it', 'Tệp vẫn nằm trong hồ sơ nhưng không ai tải được; hãy tải lên một tệp sạch. Nếu là báo động giả, quản trị viên có thể gỡ cách ly.', 'It stays in its dossier, and nobody can download it; upload a clean file. An operator can release a false alarm.'),
  'not-quarantined': row(409, 'Tệp không bị cách ly', 'The file is not quarantined', 'Chỉ gỡ được tệp đang bị cách ly; xem /v1/quarantined-files.', 'Only what is quarantined is released; see /v1/quarantined-files.'),
  'no-such-upload': row(404, 'Không có lượt tải lên này', 'No such upload', 'Lượt tải lên đã kết thúc, hết hạn hoặc là của người khác; hãy bắt đầu lại tại /v1/uploads.', 'It has ended, its time is over, or it is somebody else’s; begin again at /v1/uploads.'),
  'wrong-offset': row(409, 'Vị trí không khớp với phần đã nhận', 'The offset is not where the upload stands', 'Hỏi Upload-Offset bằng HEAD rồi gửi tiếp từ đó; có thể một yêu cầu khác đang gửi cùng lượt tải lên này.', 'Ask for Upload-Offset with HEAD and go on from there; another request may be sending the same upload.'),
  'checksum-mismatch': row(checksumMismatch, 'Phần gửi không khớp Upload-Checksum', 'The bytes do not match their Upload-Checksum', 'Phần này bị bỏ, các phần trước còn nguyên; gửi lại từ Upload-Offset.', 'None of these bytes were kept, all before them were; send them again from Upload-Offset.'),
  'too-many-uploads': row(409, 'Có quá nhiều lượt tải lên dở dang', 'There are too many unfinished uploads', 'Gửi nốt hoặc xóa (DELETE) những lượt cũ; mỗi lượt tự hết hạn sau 24 giờ không gửi gì.', 'Finish old ones or end them (DELETE); each ends by itself after 24 hours in which nothing came.'),
  'tus-version-not-supported': row(412, 'Phiên bản tus không được hỗ trợ', 'This version of tus is not supported', 'Gửi Tus-Resumable: 1.0.0 với mọi yêu cầu tới /v1/uploads.', 'Send Tus-Resumable: 1.0.0 with every request to /v1/uploads.'),
  'erased': row(410, 'Dữ liệu cá nhân đã được xóa', 'The personal data was erased', 'Hồ sơ còn trong sổ, nội dung riêng tư không còn đọc được.', 'The dossier stays in the register; its private content can no longer be read.'),

  // Copies
  'no-such-copy': row(404, 'Không có bản sao này', 'No such copy', 'Kiểm tra mã bản sao và quyền xem.', 'Check the id, and whether your token may see it.'),
  'copy-not-ready': row(409, 'Bản sao đang được cấp', 'The copy is being issued', 'Thử lại sau vài giây; xem trạng thái tại địa chỉ của bản sao.', 'Try again in a few seconds; the copy’s own address tells its status.'),
  'copy-not-valid': row(409, 'Bản sao không ở trạng thái còn giá trị', 'The copy is not valid', 'Chỉ bản sao còn giá trị mới được thu hồi, chia sẻ hoặc cấp chứng nhận dữ liệu; xem trạng thái hiện tại.', 'Only a valid copy can be revoked, shared or attested; read its status.'),
  'copy-revoked': row(410, 'Bản sao đã bị thu hồi', 'The copy was revoked', 'Bản sao không còn giá trị; hỏi người đã chia sẻ hoặc cơ quan đã cấp.', 'It has no value any more; ask who shared it, or the unit that issued it.'),
  'no-such-share': row(404, 'Không có chia sẻ này', 'No such share', 'Kiểm tra lại đường dẫn đã nhận.', 'Check the link that you were given.'),
  'share-ended': row(410, 'Chia sẻ đã hết hạn', 'The share has ended', 'Đề nghị chủ bản sao chia sẻ lại.', 'Ask the owner of the copy to share it again.'),
  'share-used-up': row(410, 'Chia sẻ đã hết số lần mở', 'The share was opened as often as it may be', 'Đề nghị chủ bản sao chia sẻ lại.', 'Ask the owner of the copy to share it again.'),
  'share-revoked': row(410, 'Chia sẻ đã bị chủ bản sao thu hồi', 'The owner took the share back', 'Đề nghị chủ bản sao chia sẻ lại.', 'Ask the owner of the copy to share it again.'),
  'no-signing-certificate': row(409, 'Không có chứng thư ký số còn hiệu lực', 'No valid signing certificate', 'Quản trị viên cần nhập chứng thư cho người chứng thực và con dấu của đơn vị.', 'An operator has to import a certificate for the certifier and for the unit’s seal.'),
  'conflict-of-interest': row(409, 'Người chứng thực không được chứng thực việc của chính mình', 'Nobody certifies in their own matter', 'Cán bộ khác của đơn vị phải chứng thực (Nghị định 23/2015/NĐ-CP, Điều 9).', 'Another officer of the unit has to certify (Decree 23/2015/ND-CP, art. 9).'),
  'unit-cannot-certify': row(409, 'Đơn vị không chứng thực bản sao từ bản chính', 'The unit does not certify copies of originals', 'Mang bản chính đến Ủy ban nhân dân một xã, phường bất kỳ (Nghị định 23/2015/NĐ-CP, Điều 5).', 'Take the original to any commune or ward (Decree 23/2015/ND-CP, art. 5).'),
  'no-result-to-certify': row(409, 'Hồ sơ chưa có kết quả để chứng thực', 'The dossier has no result to certify', 'Chỉ chứng thực bản sao của kết quả đã được giải quyết đồng ý.', 'Copies are certified of a result that was granted.'),
  'signing-not-possible': row(503, 'Tạm thời không ký được', 'It cannot be signed just now', 'Dịch vụ ký số hoặc dấu thời gian không trả lời; thử lại sau ít phút, hoặc lấy dạng khác (Accept).', 'The signing or the time-stamp service does not answer; try again in a few minutes, or ask for another form (Accept).'),
  'no-such-signing-credential': row(404, 'Không có chứng thư ký số này', 'No such signing credential', 'Xem danh sách tại /v1/signing-credentials.', 'See the list at /v1/signing-credentials.'),
  'signing-credential-retired': row(409, 'Chứng thư ký số đã ngừng sử dụng', 'The signing credential is retired', 'Chứng thư đã ngừng sử dụng không thể kích hoạt lại; hãy nhập chứng thư mới.', 'What is retired is never activated again; import another certificate.'),
  'signing-credential-unusable': row(409, 'Chưa ký được bằng chứng thư này', 'Nothing can be signed with this credential', 'Mục "detail" nêu lý do: hết hạn, chưa có hiệu lực, bị thu hồi, hoặc dịch vụ ký từ chối.', '"detail" tells why: run out, not valid yet, revoked, or refused by the signing service.'),
  'no-such-number': row(404, 'Không có số chứng thực này', 'No copy has this number', 'Kiểm tra lại số in dưới mã QR.', 'Check the number printed below the QR code.'),
  'no-such-status-list': row(404, 'Không có danh sách trạng thái này', 'No such status list', 'Dùng địa chỉ ghi trong "status_list" của chứng nhận.', 'Use the address in the "status_list" of an attestation.'),
  'not-acceptable': row(406, 'Không có dạng được yêu cầu trong Accept', 'None of the forms in Accept is there', 'Bản sao có dạng application/pdf và application/dc+sd-jwt; chia sẻ chỉ gồm dữ kiện có dạng sau.', 'A copy is there as application/pdf and application/dc+sd-jwt; a share of facts only as the latter.'),
  'seal-cannot-attest': row(406, 'Con dấu của đơn vị không ký được dạng này', 'The seal of the unit cannot sign this form', 'Chứng nhận SD-JWT cần khóa trên đường cong P-256; hãy lấy dạng PDF.', 'An SD-JWT needs a key on the curve P-256; take the PDF.'),

  // Payments
  'not-awaiting-payment': row(409, 'Không có khoản phải nộp', 'Nothing is to be paid', 'Chỉ nộp tiền khi hồ sơ ở trạng thái "awaiting-payment", hoặc bản sao của bản chính chưa nộp phí.', 'A payment is for a dossier that is "awaiting-payment", or for copies of an original whose fee is not paid yet.'),
  'no-such-payment': row(404, 'Không có khoản thanh toán này', 'No such payment', 'Kiểm tra mã khoản thanh toán và quyền xem.', 'Check the id, and whether your token may see it.'),
  'no-such-provider': row(404, 'Không có đơn vị thanh toán này', 'No such payment provider', 'Thành phố không thu trực tuyến qua đơn vị này; có thể nộp tại quầy.', 'The city takes no money online through it; one can pay at a counter.'),
  'provider-unreachable': row(503, 'Không liên lạc được với đơn vị thanh toán', 'The payment provider cannot be reached', 'Thử lại sau ít phút; chưa có khoản tiền nào bị trừ hai lần.', 'Try again in a few minutes; nothing is paid twice.'),
  'not-paid': row(409, 'Khoản này chưa được thanh toán', 'It is not paid', 'Biên lai chỉ có khi khoản tiền đã được nhận.', 'There is a receipt once the money is there.'),
  'nothing-to-refund': row(409, 'Không có khoản phải hoàn', 'There is nothing to refund', 'Chỉ khoản ở trạng thái "to-be-refunded" mới được hoàn.', 'Only a payment that is "to-be-refunded" is refunded.'),
  'signature-wrong': row(403, 'Chữ ký của thông báo không đúng', 'The message is not signed as agreed', 'Ký theo Standard Webhooks 1.0 bằng khóa đã trao đổi.', 'Sign by Standard Webhooks 1.0 with the key that was exchanged.'),
  'message-out-of-time': row(403, 'Thông báo ngoài khoảng thời gian cho phép', 'The message is too old or from the future', 'Gửi lại với thời gian hiện tại, lệch không quá năm phút.', 'Send it again with the time of now, within five minutes.'),

  // Apps
  'no-such-app': row(404, 'Không có ứng dụng này', 'No such app', 'Xem danh sách tại /v1/apps.', 'See the list at /v1/apps.'),
  'no-such-credential': row(404, 'Ứng dụng không có thông tin xác thực này', 'The app has no such credential', 'Xem các bí mật và khóa tại địa chỉ của ứng dụng.', 'See the secrets and keys at the address of the app.'),
  'too-many-credentials': row(409, 'Ứng dụng đã có đủ thông tin xác thực', 'The app has enough live credentials', 'Thu hồi một bí mật hoặc khóa cũ trước khi thêm mới.', 'Revoke an old secret or key before adding another.'),
  'key-id-in-use': row(409, 'Mã khóa (kid) đang được dùng', 'The key id (kid) is in use', 'Đặt kid khác cho khóa mới, hoặc thu hồi khóa cũ.', 'Give the new key another kid, or revoke the old key.'),

  // Webhooks
  'no-such-webhook': row(404, 'Không có webhook này', 'No such webhook', 'Xem danh sách webhook của ứng dụng tại /v1/webhooks.', 'See the webhooks of your app at /v1/webhooks.'),
  'no-such-delivery': row(404, 'Webhook chưa từng được gửi sự kiện này', 'The webhook was never sent this event', 'Xem danh sách tại …/deliveries; sự kiện cũ hơn thì dùng …/replay.', 'See …/deliveries; for older events use …/replay.'),
  'too-many-webhooks': row(409, 'Ứng dụng đã có đủ webhook', 'The app has enough webhooks', 'Xóa hoặc sửa một webhook cũ trước khi thêm mới.', 'Delete or change an old one before adding another.'),
  'webhook-disabled': row(409, 'Webhook đang ngừng', 'The webhook is disabled', 'Sửa máy nhận, rồi đặt "active": true để nhận lại.', 'Mend the receiver, then set "active": true.'),
  'last-credential': row(409, 'Không thể thu hồi bí mật cuối cùng', 'The last secret cannot be revoked', 'Thêm bí mật mới trước, hoặc xóa webhook.', 'Add another secret first, or delete the webhook.'),

  // Sandboxes
  'no-such-sandbox': row(404, 'Không có môi trường thử nghiệm này', 'No such sandbox', 'Môi trường thử nghiệm được mở khi ứng dụng lấy mã truy cập đầu tiên và bị dọn sau 30 ngày không dùng.', 'A sandbox opens with its app’s first token, and is cleared after 30 days without use.'),
  'sandbox-only': row(403, 'Chỉ có trong môi trường thử nghiệm', 'Only in a sandbox', 'Đăng ký một ứng dụng loại "sandbox" và dùng mã truy cập của nó.', 'Register an app of the kind "sandbox" and use its token.'),
  'unknown-scenario': row(422, 'Không có kịch bản này', 'No such scenario', 'Mục "detail" nêu các kịch bản mà Sandbox-Scenario nhận.', '"detail" names the scenarios that Sandbox-Scenario takes.'),
  'clock-goes-forwards': row(422, 'Đồng hồ chỉ chạy tới', 'The clock only goes forwards', 'Nêu một thời điểm sau giờ hiện tại của môi trường; để bắt đầu lại, gọi DELETE /v1/sandbox.', 'Name a moment after the sandbox’s present time; to begin anew, call DELETE /v1/sandbox.'),
  'clock-too-far': row(422, 'Đồng hồ không đi xa hơn được', 'The clock goes no further', 'Giờ của môi trường thử nghiệm đi trước giờ thật nhiều nhất 366 ngày.', 'The time of a sandbox is at most 366 days ahead of the real one.'),
  'no-such-order': row(404, 'Không có lệnh thanh toán này', 'No such payment order', 'Dùng "redirectUrl" của khoản thanh toán.', 'Use the "redirectUrl" of the payment.'),
  'order-decided': row(409, 'Lệnh thanh toán đã kết thúc', 'The payment order is decided', 'Chỉ kịch bản "late" còn có thể xảy ra sau đó.', 'Only the scenario "late" can happen after that.'),

  // Operation
  'nothing-to-replay': row(409, 'Không có gì để gửi lại', 'There is nothing to replay', 'Thông điệp này không đọc được, nên không thể xử lý; nó chỉ được giữ để xem xét.', 'This message cannot be read, so it cannot be handled; it is kept only to be looked into.'),
  'no-such-dead-letter': row(404, 'Không có thông điệp lỗi này', 'No such dead letter', 'Xem danh sách tại /v1/dead-letters.', 'See the list at /v1/dead-letters.'),
} as const satisfies Record<string, Row>

export type Refusal = keyof typeof problems
