import type { ReportLanguage } from './language';

export const vi: ReportLanguage = {
  template: `X-QUANG NGỰC
{status}

KỸ THUẬT
{technique}

SO SÁNH
{comparison}

MÔ TẢ
[Cardiomegaly] Bóng tim không to.
{ratio}
[Enlarged Cardiomediastinum] Trung thất không rộng.
[Consolidation, Infiltration, Pneumonia, Atelectasis] Không thấy hình ảnh đông đặc, thâm nhiễm hay xẹp phổi.
[Mass] Không thấy khối mờ ở hai phổi.
[Nodule] Không thấy nốt mờ ở hai phổi.
[Edema] Không thấy hình ảnh phù phổi.
[Emphysema, Fibrosis] Không thấy khí phế thũng, xơ phổi.
[Effusion, Pleural_Thickening] Không thấy tràn dịch màng phổi, không thấy dày màng phổi.
[Pneumothorax] Không thấy tràn khí màng phổi.
{others}
{changes}
{comments}
{unread}

KẾT LUẬN
{impression}

{who}`,
  present: {
    Atelectasis: 'Hình ảnh xẹp phổi{place}.',
    Cardiomegaly: 'Bóng tim to.',
    Consolidation: 'Đám mờ dạng đông đặc phổi{place}.',
    'COVID-19': 'Tổn thương phổi gợi ý viêm phổi do COVID-19{place}.',
    Edema: 'Hình ảnh phù phổi{place}.',
    Effusion: 'Tràn dịch màng phổi{place}.',
    Emphysema: 'Hình ảnh khí phế thũng{place}.',
    'Enlarged Cardiomediastinum': 'Bóng tim – trung thất rộng.',
    Fibrosis: 'Dải mờ dạng xơ phổi{place}.',
    Fracture: 'Gãy xương sườn{place}.',
    Hernia: 'Hình ảnh thoát vị hoành.',
    Infiltration: 'Hình ảnh thâm nhiễm nhu mô phổi{place}.',
    'Lung Lesion': 'Tổn thương phổi{place}.',
    'Lung Opacity': 'Đám mờ phổi{place}.',
    Mass: 'Khối mờ{place}.',
    Nodule: 'Nốt mờ{place}.',
    Pleural_Thickening: 'Dày màng phổi{place}.',
    Pneumonia: 'Đám mờ phổi nghĩ đến viêm phổi{place}.',
    Pneumothorax: 'Tràn khí màng phổi{place}.',
    Tuberculosis: 'Tổn thương phổi nghĩ đến lao phổi{place}.',
  },
  other: '{name}{place}.',
  draft: 'BẢN NHÁP có AI hỗ trợ, chưa được xác nhận.',
  final: 'Có AI hỗ trợ, đã được bác sĩ chẩn đoán hình ảnh duyệt.',
  technique: 'Chụp X-quang ngực, {views}.',
  views: { PA: 'thẳng (sau – trước)', AP: 'thẳng (trước – sau)', lateral: 'nghiêng', unknown: 'không ghi tư thế' },
  and: ' và ',
  comparison: 'Phim chụp ngày {date}.',
  noComparison: 'Không có phim cũ.',
  ratio: 'Chỉ số tim/lồng ngực {value} (khoảng {low} – {high}).',
  sides: { right: ' bên phải', left: ' bên trái', both: ' hai bên' },
  zones: { upper: ', vùng trên', middle: ', vùng giữa', lower: ', vùng dưới' },
  checkPlace: ' (cần kiểm tra lại vị trí)',
  unverified: ' [AI, chưa xác nhận]',
  changes: {
    new: 'Mới xuất hiện so với phim cũ: {findings}.',
    gone: 'Không còn thấy: {findings}.',
    higher: 'Rõ hơn phim cũ theo AI: {findings}.',
    lower: 'Ít rõ hơn phim cũ theo AI: {findings}.',
    same: 'Không thay đổi rõ so với phim cũ: {findings}.',
  },
  notRead: 'Phim {view}: AI không đọc.',
  normal: 'Hiện tại chưa thấy bất thường trên phim X-quang ngực.',
  nothingReached: 'Không dấu hiệu nào của AI đạt ngưỡng; riêng điều này chưa đủ để kết luận phim bình thường.',
  nothingSaid: 'AI không đọc phim này.',
  signed: 'Người duyệt: {who}, {when}. AI: {reader}.',
  notSigned: 'Chưa ký duyệt. AI: {reader}.',
};
